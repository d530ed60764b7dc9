import { clone } from "../plugins/backends/prow/pod/clone.ts";
import type { CloneRecord } from "../plugins/backends/prow/pod/clone_record.ts";
import { gitEnvironment } from "../plugins/backends/prow/pod/git.ts";
import type { Refs } from "../plugins/backends/prow/refs.ts";
import { git, TestRepository } from "./git_repository.ts";
import { hostWith, makeFolder } from "./pod.ts";

/** A repository below a folder that may be cloned from, and a GOPATH. */
export async function startCloning() {
  const folder = await makeFolder();
  const { path } = folder;
  const repository = await TestRepository.make(`${path}/allowed/app`);
  const head = await repository.git("rev-parse", "HEAD");
  const roots = [`${path}/allowed`];
  const stop = new AbortController();
  return {
    repository,
    path,
    refs: {
      org: "o",
      repo: "app",
      base_ref: "main",
      base_sha: head,
      clone_uri: repository.path,
    } satisfies Refs,
    clone: (refs: Refs, env: Record<string, string> = {}) =>
      clone(refs, {
        env: gitEnvironment(hostWith(env).env, roots),
        roots,
        gopath: { host: `${path}/go`, shown: "/home/prow/go" },
        signal: stop.signal,
        now: Date.now,
        mask: (text) => text,
      }),
    stop: () => stop.abort(),
    read: (file: string) => Deno.readTextFile(`${path}/go/src/${file}`),
    ask: (place: string, ...args: string[]) =>
      git(`${path}/go/src/${place}`, args),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** The commands on record, a line each. */
export function commands({ commands }: CloneRecord): string {
  return commands.map(({ command }) => command).join("\n");
}
