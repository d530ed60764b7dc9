import { globFault } from "./glob.ts";
import { plainName } from "./name.ts";

/** Packages that are not to be tested. In suite, arch and version `*` is all. */
export type RejectEntry = {
  /** A name, or a pattern of the shell. */
  readonly package: string;
  readonly suite: string;
  readonly arch: string;
  readonly version: string;
  /** Why, for people, as plain text; empty when nobody said. */
  readonly reason: string;
};

/** A Debian version, `1:2.0-1~rc1`. */
const versionText = /^[0-9A-Za-z.+:~-]{1,256}$/;

/** The longest pattern; names of packages have at most 128 characters. */
const maxPatternCharacters = 200;

/** The longest reason. */
const maxReasonCharacters = 10_000;

/** What is wrong with an entry, or null. */
export function entryFault(entry: RejectEntry): string | null {
  const { suite, arch, version, reason } = entry;
  if (entry.package.length > maxPatternCharacters) {
    return `the package has more than ${maxPatternCharacters} characters`;
  }
  if (reason.length > maxReasonCharacters) {
    return `the reason has more than ${maxReasonCharacters} characters`;
  }
  if (reason.includes("\0")) return "the reason has a NUL character in it";
  return globFault(entry.package) ?? placeFault("suite", suite) ??
    placeFault("architecture", arch) ??
    (version === "*" || versionText.test(version)
      ? null
      : `"${version}" is no version; use * for all`);
}

function placeFault(what: string, name: string): string | null {
  return name === "*" || plainName.test(name)
    ? null
    : `"${name}" is no ${what}; use * for all`;
}

/** An entry as a line of debci's file, without its reason: what it leaves open at its end is left out. */
export function entryText(entry: Omit<RejectEntry, "reason">): string {
  const { suite, arch, version } = entry;
  return [entry.package, suite, arch, version].join(" ").replace(/( \*)+$/, "");
}
