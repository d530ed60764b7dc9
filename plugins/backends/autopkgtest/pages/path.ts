import { prefixOf } from "../data_path.ts";
import type { Place } from "../history.ts";

/** debci's paths of pages (wire 2.2): all end with a slash. */
export const packagesPath = "/packages/";
export const statusPath = "/status/";

/** The packages whose folder is called so. */
export function prefixPath(prefix: string): string {
  return `${packagesPath}${encodeURIComponent(prefix)}/`;
}

/** How a package does everywhere. */
export function packagePath(name: string): string {
  return `${prefixPath(prefixOf(name))}${encodeURIComponent(name)}/`;
}

/** The history of a package in one place. */
export function historyPath(name: string, { suite, arch }: Place): string {
  const place = [suite, arch].map(encodeURIComponent).join("/");
  return `${packagePath(name)}${place}/`;
}

/** The lists below `/status/`, in the order in which they are shown. */
export const statusLists = [
  ["alerts", "Alerts"],
  ["changes", "Changes"],
  ["failing", "Failing"],
  ["slow", "Slow"],
  ["pending", "Pending"],
  ["platform-specific-issues", "Platform-specific issues"],
  ["reject_list", "Reject list"],
] as const;

export type StatusList = (typeof statusLists)[number][0];

/** One of the lists. */
export function listPath(list: StatusList): string {
  return `${statusPath}${list}/`;
}
