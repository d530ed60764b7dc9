import type { Limit } from "../../../core/limit.ts";

const maxEntries = 50;
const maxLength = 200;

/** What is wrong with what a token is to be limited to, or null. */
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

/** The limits that a token is given; none when nothing narrows it. */
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
