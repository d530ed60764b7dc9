import { matchesGlob } from "./glob.ts";
import type { Run } from "./run.ts";

/**
 * What narrows an account or a credential to some of the work, beside its
 * permissions. Each part that is there must match; an empty list matches nothing.
 */
export type Limit = {
  /** Names of backends. */
  readonly backends?: readonly string[] | undefined;
  /** Globs of what is run, as `matchesGlob` takes them: jobs, packages. */
  readonly jobs?: readonly string[] | undefined;
};

/** Whether all limits leave room for a piece of work. */
export function isWithin(
  limits: readonly Limit[],
  { backend, job }: Pick<Run, "backend" | "job">,
): boolean {
  return limits.every((limit) =>
    (limit.backends?.includes(backend) ?? true) &&
    (limit.jobs?.some((glob) => matchesGlob(glob, job)) ?? true)
  );
}

/** Limits as a person reads them; empty when there are none. */
export function describeLimits(limits: readonly Limit[]): string {
  return limits.flatMap(({ backends, jobs }) => [
    ...(backends === undefined ? [] : [`backend ${backends.join(" or ")}`]),
    ...(jobs === undefined ? [] : [`jobs ${jobs.join(" or ")}`]),
  ]).join(", ");
}

/** Most entries of a list that says what an account or a credential may do. */
export const maxEntries = 50;
const maxLength = 200;

/** What is wrong with what an account or a credential is to be limited to, or null. */
export function limitFault(
  { backends = [], jobs = [] }: Limit,
  loaded: readonly string[],
): string | null {
  const unknown = backends.find((name) => !loaded.includes(name));
  if (unknown !== undefined) {
    return `there is no backend ${JSON.stringify(unknown)}; there are ${
      loaded.join(", ") || "none"
    }`;
  }
  if (jobs.length > maxEntries) return `there are more than ${maxEntries} jobs`;
  return jobs.some((glob) => !isGlob(glob))
    ? `a glob of jobs is 1 to ${maxLength} characters without line breaks, such as "periodic-*"; * stands for any characters, ? for one`
    : null;
}

/** The limits that are given; none when nothing narrows. */
export function toLimits(
  { backends, jobs }: { backends: readonly string[]; jobs: readonly string[] },
): readonly Limit[] {
  if (backends.length === 0 && jobs.length === 0) return [];
  return [{
    ...backends.length > 0 ? { backends } : {},
    ...jobs.length > 0 ? { jobs } : {},
  }];
}

function isGlob(glob: string): boolean {
  return glob !== "" && glob.length <= maxLength && !/\p{Cc}/u.test(glob);
}
