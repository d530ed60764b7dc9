import { goRegExp } from "./go_regexp.ts";

/** For which branches a presubmit or a postsubmit is meant: regular expressions that match anywhere in the name. */
export type Branches = {
  readonly branches?: readonly string[] | undefined;
  readonly skip_branches?: readonly string[] | undefined;
};

/** Whether a job runs for a branch; a match in `skip_branches` wins (gangway 51). */
export function runsOn(job: Branches, branch: string): boolean {
  const { branches = [], skip_branches: skipBranches = [] } = job;
  if (skipBranches.length > 0 && anyOf(skipBranches).test(branch)) return false;
  return branches.length === 0 || anyOf(branches).test(branch);
}

/** Characters, escapes and dots, each perhaps repeated: nearly all patterns, which need no trial. */
const simplePattern = /^\^?(?:(?:[\w/.-]|\\[.dDwWsS-])[*+?]?)*\$?$/;

/** Why a pattern is unusable, or null. */
export function branchesFault(job: Branches): string | null {
  for (const name of ["branches", "skip_branches"] as const) {
    const patterns = job[name] ?? [];
    if (patterns.every((pattern) => simplePattern.test(pattern))) continue;
    try {
      anyOf(patterns);
    } catch (error) {
      return `${name}: ${error instanceof Error ? error.message : error}`;
    }
  }
  return null;
}

/**
 * Whether two jobs of one name and repository are for the same branches, by
 * the measure with which Prow refuses the second: equal entries are compared,
 * not what the patterns could match.
 */
export function intersects(one: Branches, other: Branches): boolean {
  if (runsOnAll(one) || runsOnAll(other)) return true;
  const own = one.branches ?? [];
  const others = other.branches ?? [];
  if (own.length > 0) {
    return others.length > 0
      ? own.some((branch) => others.includes(branch))
      : own.some((branch) => runsOn(other, branch));
  }
  return others.length === 0 || intersects(other, one);
}

function runsOnAll(job: Branches): boolean {
  return !job.branches?.length && !job.skip_branches?.length;
}

function anyOf(patterns: readonly string[]): ReturnType<typeof goRegExp> {
  return goRegExp(patterns.join("|"));
}
