/**
 * Addresses of the pages of jobs. A Jenkins job's name may hold slashes, and
 * any may be `.` or `..`, which no path keeps: such a name gets a `~` ahead,
 * which no name of configuration begins with.
 * @module
 */

/** The path of a job's page, whatever its name is. */
export function jobPath(name: string): string {
  const isAltered = name.startsWith("~") || name === "." || name === "..";
  return `/jobs/${
    encodeURIComponent(`${isAltered ? "~" : ""}${name.toWellFormed()}`)
  }`;
}

/** The name in the decoded rest of such a path. */
export function jobNameOf(rest: string): string {
  return rest.startsWith("~") ? rest.slice(1) : rest;
}
