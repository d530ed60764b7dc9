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
