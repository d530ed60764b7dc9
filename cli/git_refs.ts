import { UsageError } from "./failure.ts";

/** The commit to test, as Gangway takes it. */
export type GitRefs = {
  readonly org: string;
  readonly repo: string;
  readonly base_ref: string;
  readonly base_sha: string;
  readonly pulls?: readonly { readonly number: number; readonly sha: string }[];
};

/** How `--refs` is written, for people. */
export const refsForm = "ORG/REPO@BRANCH:SHA[,PULL:SHA]…";

const base = /^(?<org>.+)\/(?<repo>[^/@]+)@(?<branch>[^:,@]+):(?<sha>[^:,]+)$/;
const pull = /^(?<number>[1-9]\d{0,9}):(?<sha>[\da-f]{40})$/;

/**
 * Reads refs in the short form, which follows Prow's `PULL_REFS`.
 *
 * @throws UsageError that says which part is wrong.
 */
export function readRefs(text: string): GitRefs {
  const [first = "", ...rest] = text.split(",");
  const found = base.exec(first)?.groups;
  if (found === undefined) {
    throw new UsageError(`--refs is ${refsForm}, not ${JSON.stringify(text)}`);
  }
  const { org = "", repo = "", branch = "", sha = "" } = found;
  const pulls = rest.map(readPull);
  return {
    org,
    repo,
    base_ref: branch,
    base_sha: sha,
    ...pulls.length > 0 && { pulls },
  };
}

function readPull(text: string) {
  const found = pull.exec(text)?.groups;
  if (found === undefined) {
    throw new UsageError(
      `--refs has pulls as NUMBER:SHA with the whole SHA of 40 digits, not ${
        JSON.stringify(text)
      }`,
    );
  }
  return { number: Number(found.number), sha: found.sha ?? "" };
}
