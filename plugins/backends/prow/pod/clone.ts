/**
 * What Prow's clonerefs does: gets one repository, at its base, with its pulls
 * merged in order.
 * @module
 */
import type { Refs } from "../refs.ts";
import { clonePath } from "./clone_path.ts";
import type { CloneRecord } from "./clone_record.ts";
import { cloneSource, cloneUrl } from "./clone_source.ts";
import { fetchCommit, fetchHead } from "./fetch.ts";
import { CloneFault, type GitLent, gitReason, Repository } from "./git.ts";
import { refFault } from "./ref_name.ts";
import { updateSubmodules } from "./submodules.ts";

/** What a clone is lent. */
export type CloneLent = GitLent & {
  /** The folder that GOPATH is on this machine, and for the job. */
  readonly gopath: { readonly host: string; readonly shown: string };
  /** Folders below which local repositories may be cloned from. */
  readonly roots: readonly string[];
};

type Pull = NonNullable<Refs["pulls"]>[number];

/** Merges look the same wherever and whenever they are made. */
const identity = { name: "ci-robot", email: "ci-robot@slipway.invalid" };

/** Clones one repository. Never throws: the record says what failed. */
export async function clone(
  refs: Refs,
  lent: CloneLent,
): Promise<CloneRecord> {
  const start = lent.now();
  const place = clonePath(refs);
  const path = "path" in place ? place.path : "";
  const repository = new Repository(
    `${lent.gopath.host}/${path}`,
    `${lent.gopath.shown}/${path}`,
    lent,
  );
  let fault: string | null = null;
  let finalSha = "";
  try {
    if ("fault" in place) throw new CloneFault(place.fault);
    checkNames(refs);
    await Deno.mkdir(`${lent.gopath.host}/${path}`, { recursive: true });
    await fill(repository, refs, lent);
    finalSha = await repository.ask(["rev-parse", "HEAD"]) ?? "";
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    fault = lent.mask(
      `Cannot clone ${refs.org ?? ""}/${refs.repo ?? ""}: ${why}`,
    );
  }
  return {
    refs,
    commands: repository.commands,
    fault,
    finalSha,
    durationMs: lent.now() - start,
  };
}

async function fill(
  repository: Repository,
  refs: Refs,
  lent: CloneLent,
): Promise<void> {
  const asked = cloneUrl(refs);
  const source = await cloneSource(asked, lent.roots);
  if ("fault" in source) throw new CloneFault(`${asked}: ${source.fault}`);
  await repository.do(["init"]);
  await repository.do(["config", "user.name", identity.name]);
  await repository.do(["config", "user.email", identity.email]);
  if (!refs.skip_fetch_head) await fetchHead(repository, source, refs);
  await checkOut(
    repository,
    refs,
    await fetchCommit(repository, source, {
      what: "the base",
      commit: refs.base_sha || null,
      wanted: [refs.base_sha, refs.base_ref || "HEAD"],
      depth: refs.clone_depth ?? 0,
    }),
  );
  await mergePulls(
    repository,
    refs,
    async (pull) =>
      await fetchCommit(repository, source, {
        what: `pull ${pull.number}`,
        commit: pull.sha || null,
        wanted: [pull.ref || `refs/pull/${pull.number}/head`, pull.sha],
        depth: 0,
      }),
  );
  if (!refs.skip_submodules) {
    await updateSubmodules(repository, source.url, lent.roots);
  }
}

async function checkOut(
  repository: Repository,
  { base_ref: branch }: Refs,
  commit: string,
): Promise<void> {
  const onto = branch ? ["-B", branch] : ["--detach"];
  await repository.do(["checkout", "--force", ...onto, commit, "--"]);
}

/** Every merge is dated a second after the one before, the first after the base: the same refs give the same commit. */
async function mergePulls(
  repository: Repository,
  { pulls = [], base_ref: branch = "" }: Refs,
  fetch: (pull: Pull) => Promise<string>,
): Promise<void> {
  const shown = await repository.ask(["show", "-s", "--format=%ct", "HEAD"]);
  let date = Number(shown);
  for (const pull of pulls) {
    const commit = await fetch(pull);
    date++;
    const merged = await repository.git(
      ["merge", "--no-ff", "--no-stat", "-m", "merge", "--", commit],
      {
        env: {
          GIT_AUTHOR_DATE: `${date} +0000`,
          GIT_COMMITTER_DATE: `${date} +0000`,
        },
      },
    );
    if (merged.error === null) continue;
    const conflicts = merged.output.split("\n")
      .filter((line) => line.startsWith("CONFLICT"));
    const why = conflicts.length > 0 ? conflicts.join("; ") : gitReason(merged);
    throw new CloneFault(
      `pull ${pull.number} (${commit}) does not merge into ${branch}: ${why}`,
    );
  }
}

function checkNames(refs: Refs): void {
  const names = [
    ["base_ref", refs.base_ref],
    ["base_sha", refs.base_sha],
    ...(refs.pulls ?? []).flatMap(({ number, sha, ref }) => [
      [`the sha of pull ${number}`, sha],
      [`the ref of pull ${number}`, ref],
    ]),
  ];
  for (const [what, name] of names) {
    const fault = name ? refFault(name) : null;
    if (fault !== null) {
      throw new CloneFault(`${what} is ${JSON.stringify(name)}: ${fault}`);
    }
  }
}
