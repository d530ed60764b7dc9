import * as z from "zod";
import type { GitRefs } from "./create_request.ts";
import type { JobDefinition } from "./job.ts";

const text = z.string().optional();

/** A commit to test in the form of the ProwJob resource, which is that of `JOB_SPEC`: nothing empty is written. */
export const refsSchema = z.looseObject({
  org: text,
  repo: text,
  repo_link: text,
  base_ref: text,
  base_sha: text,
  base_link: text,
  pulls: z.array(z.looseObject({
    number: z.number(),
    author: z.string(),
    sha: z.string(),
    title: text,
    ref: text,
    head_ref: text,
    link: text,
    commit_link: text,
    author_link: text,
  })).optional(),
  path_alias: text,
  workdir: z.boolean().optional(),
  clone_uri: text,
  skip_submodules: z.boolean().optional(),
  clone_depth: z.number().optional(),
  skip_fetch_head: z.boolean().optional(),
});

export type Refs = z.output<typeof refsSchema>;

/** Refs of a request as the job gets them: what the job's configuration says about cloning wins (gangway 61). */
export function toRefs(refs: GitRefs, job: JobDefinition): Refs {
  const { work_dir: workdir, pulls, ...same } = refs;
  return {
    ...written({ ...same, workdir }),
    org: refs.org,
    repo: refs.repo,
    ...pulls.length > 0 && {
      pulls: pulls.map((pull) => ({
        ...written(pull),
        number: pull.number,
        author: pull.author,
        sha: pull.sha,
      })),
    },
    ...written({
      path_alias: job.path_alias,
      clone_uri: job.clone_uri,
      skip_submodules: job.skip_submodules,
      clone_depth: job.clone_depth,
      skip_fetch_head: job.skip_fetch_head,
    }),
  };
}

/** `PULL_REFS`: the base and every pull with their commits. */
export function refsText(refs: Refs): string {
  const pulls = refs.pulls ?? [];
  return [
    [refs.base_ref, refs.base_sha],
    ...pulls.map(({ number, sha, ref }) => [String(number), sha, ref]),
  ].map((parts) => parts.filter(Boolean).join(":")).join(",");
}

/** Where the repository's page is, as host and path: `SRC_HOST` and `SRC_BASE`. */
export function sourcePlace(refs: Refs): { host: string; base: string } {
  const base = `${refs.org ?? ""}/${refs.repo ?? ""}`;
  const link = refs.path_alias || refs.repo_link?.replace(/^.*:\/\//s, "");
  if (!link) return { host: "github.com", base };
  const slash = link.indexOf("/");
  if (slash < 0) return { host: link, base };
  return { host: link.slice(0, slash), base: link.slice(slash + 1) };
}

/** Go's `omitempty`. */
function written<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => Boolean(value)),
  ) as Partial<T>;
}
