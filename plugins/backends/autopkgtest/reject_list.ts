import type { JsonObject } from "../../../core/json.ts";
import { escapeMarkup } from "../../../http/markup.ts";
import { type Glob, readGlob } from "./glob.ts";
import type { RejectEntry } from "./reject_entry.ts";

/** What is asked of the list. What is left out is asked for all of its kind. */
export type Question = {
  readonly package: string | null;
  readonly suite?: string | undefined;
  readonly arch?: string | undefined;
  readonly version?: string | undefined;
};

/** The suites and architectures that there are. */
export type Places = {
  readonly suites: readonly string[];
  readonly architectures: readonly string[];
};

/** The list while it is put together; names are data, so no plain object will do. */
type Branch = Map<string, Branch | string>;

type Rule = { readonly entry: RejectEntry; readonly glob: Glob };

/** The reject list, made ready for many questions. */
export class RejectList {
  /** Rules by what their pattern begins with: a name's rules lie under its own beginnings. */
  readonly #rules = new Map<string, Rule[]>();
  readonly #places: Places;
  /** How long those beginnings are, so that no others are looked up. */
  readonly #prefixLengths: readonly number[];

  constructor(readonly entries: readonly RejectEntry[], places: Places) {
    this.#places = places;
    for (const entry of entries) {
      const glob = readGlob(entry.package);
      const rules = this.#rules.get(glob.prefix) ?? [];
      rules.push({ entry, glob });
      this.#rules.set(glob.prefix, rules);
    }
    const lengths = [...this.#rules.keys()].map((prefix) => prefix.length);
    this.#prefixLengths = [...new Set(lengths)];
  }

  /**
   * Whether a package is rejected (debci 79): an entry covers every narrower
   * question, and a wider question is true only when all that it means is
   * covered. An entry for one version never covers a question without one.
   */
  isRejected(question: Question): boolean {
    if (question.package === null) return false;
    const rules = this.#rulesOf(question.package);
    if (rules.length === 0) return false;
    const { version } = question;
    const { suites, architectures } = this.#places;
    const isCovered = (suite: string, arch: string) =>
      rules.some(({ entry }) =>
        covers(entry.suite, suite) && covers(entry.arch, arch) &&
        covers(entry.version, version)
      );
    return (question.suite === undefined ? suites : [question.suite])
      .every((suite) =>
        (question.arch === undefined ? architectures : [question.arch])
          .every((arch) => isCovered(suite, arch))
      );
  }

  /** The entries whose pattern a package's name fits, wherever and for whichever version they hold. */
  entriesOf(name: string): RejectEntry[] {
    return this.#rulesOf(name).map(({ entry }) => entry);
  }

  /** The list as debci shows it (wire 1.8): by package, suite, architecture and version; the reason is HTML. */
  toJson(): JsonObject {
    const { suites, architectures } = this.#places;
    const list: Branch = new Map();
    for (const entry of this.entries) {
      for (const suite of expand(entry.suite, suites)) {
        for (const arch of expand(entry.arch, architectures)) {
          const path = [entry.package, suite, arch];
          path.reduce(grow, list).set(
            entry.version,
            reasonMarkup(entry.reason),
          );
        }
      }
    }
    return toObject(list);
  }

  #rulesOf(name: string): Rule[] {
    const rules: Rule[] = [];
    for (const length of this.#prefixLengths) {
      if (length > name.length) continue;
      for (const rule of this.#rules.get(name.slice(0, length)) ?? []) {
        if (rule.glob.matches(name)) rules.push(rule);
      }
    }
    return rules;
  }
}

function covers(of: string, asked: string | undefined): boolean {
  return of === "*" || of === asked;
}

function expand(name: string, all: readonly string[]): readonly string[] {
  return name === "*" ? all : [name];
}

function grow(branch: Branch, name: string): Branch {
  const known = branch.get(name);
  if (known instanceof Map) return known;
  const grown: Branch = new Map();
  branch.set(name, grown);
  return grown;
}

function toObject(branch: Branch): JsonObject {
  return Object.fromEntries(
    [...branch].map(([name, value]) => [
      name,
      typeof value === "string" ? value : toObject(value),
    ]),
  );
}

/** A reason as debci shows it: its addresses are links, and it ends with a line break. */
function reasonMarkup(reason: string): string {
  if (reason === "") return "";
  const parts = reason.split(/(https?:\/\/[^\s<>"']+)/);
  const markup = parts.map((part, index) => {
    const text = escapeMarkup(part);
    return index % 2 === 0 ? text : `<a href="${text}">${text}</a>`;
  });
  return `${markup.join("")}\n`;
}
