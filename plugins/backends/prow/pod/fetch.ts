import { CloneFault, gitReason, type GitResult, Repository } from "./git.ts";

/** Where to fetch from. */
type Source = { readonly url: string; readonly isLocal: boolean };

/** A commit, and the names under which a server may have it. */
export type Wish = {
  /** For messages: `the base`, `pull 7`. */
  readonly what: string;
  /** Null: whatever the first name stands for. */
  readonly commit: string | null;
  /** Tried in order; empty ones are left out. Not every server hands out commits by their id. */
  readonly wanted: readonly (string | undefined)[];
  /** 0: the whole history. */
  readonly depth: number;
};

/** What another try can mend: everything but a clear answer. */
const clearAnswers =
  /not our ref|couldn't find remote ref|does not appear to be a git repository|not found|Authentication failed|could not read Username|Permission denied|cancelled|is not installed|transport '.*' not allowed/i;

const pausesMs = [1_000, 4_000, 10_000];

/** Fetches the default branch and all tags, as clonerefs does first. */
export async function fetchHead(
  repository: Repository,
  source: Source,
  { clone_depth: depth = 0 }: { readonly clone_depth?: number | undefined },
): Promise<void> {
  const args = [...depthOf(depth), "--tags", "--prune", "--", source.url];
  const result = await fetch(repository, source, args);
  if (result.error !== null) throw new CloneFault(gitReason(result));
}

/**
 * Fetches a commit under the first of its names that the server knows and that has it.
 *
 * @returns its id as a later command may name it
 * @throws CloneFault
 */
export async function fetchCommit(
  repository: Repository,
  source: Source,
  { what, commit, wanted, depth }: Wish,
): Promise<string> {
  let why = "";
  for (const want of new Set(wanted)) {
    if (!want) continue;
    const args = [...depthOf(depth), "--", source.url, want];
    const result = await fetch(repository, source, args);
    if (result.error !== null) {
      why ||= gitReason(result);
      continue;
    }
    const found = await repository.ask([
      "rev-parse",
      "--verify",
      "--quiet",
      `${commit ?? "FETCH_HEAD"}^{commit}`,
    ]);
    if (found !== null) return found;
    why ||= `${want} has no commit ${commit}`;
  }
  throw new CloneFault(`${what} is not in ${source.url}: ${why}`);
}

/** A network may fail for a moment; a folder of this machine does not. */
async function fetch(
  repository: Repository,
  { isLocal }: Source,
  args: readonly string[],
): Promise<GitResult> {
  for (const pauseMs of isLocal ? [] : pausesMs) {
    const result = await repository.git(["fetch", ...args]);
    if (
      result.error === null ||
      clearAnswers.test(`${result.output} ${result.error}`)
    ) {
      return result;
    }
    await repository.pause(pauseMs);
  }
  return await repository.git(["fetch", ...args]);
}

function depthOf(depth: number): string[] {
  return depth > 0 ? ["--depth", String(depth)] : [];
}
