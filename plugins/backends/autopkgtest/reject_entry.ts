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
  return Object.values(entryFaults(entry))[0] ?? null;
}

/** All that is wrong with an entry, by its members. */
export function entryFaults(
  entry: RejectEntry,
): Partial<Record<keyof RejectEntry, string>> {
  const { version } = entry;
  const faults = {
    package: packageFault(entry.package),
    reason: reasonFault(entry.reason),
    suite: placeFault("suite", entry.suite),
    arch: placeFault("architecture", entry.arch),
    version: version === "*" || versionText.test(version)
      ? null
      : `"${version}" is no version; use * for all`,
  };
  return Object.fromEntries(
    Object.entries(faults).filter(([, fault]) => fault !== null),
  );
}

function packageFault(name: string): string | null {
  return name.length > maxPatternCharacters
    ? `the package has more than ${maxPatternCharacters} characters`
    : globFault(name);
}

function reasonFault(reason: string): string | null {
  if (reason.length > maxReasonCharacters) {
    return `the reason has more than ${maxReasonCharacters} characters`;
  }
  return reason.includes("\0") ? "the reason has a NUL character in it" : null;
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
