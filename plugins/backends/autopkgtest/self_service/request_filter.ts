import { endStates, type RunState } from "../../../../core/run.ts";
import type { OwnFilter } from "./request_store.ts";

/** Words for the states of a test. */
const states = {
  waiting: ["scheduled", "queued"],
  running: ["claimed", "running"],
  passed: ["passed"],
  failed: ["failed"],
  neutral: ["neutral"],
  errored: ["errored"],
  aborted: ["aborted"],
  ended: endStates,
} as const satisfies Record<string, readonly RunState[]>;

/** What the form offers for the state. */
export const stateChoices: readonly string[] = Object.keys(states);

/** What the form offers for who may see a test, as debci calls it: `is_private`. */
export const privacyChoices = ["private", "public"] as const;

/** The states in which a test may still be cancelled. */
export const pendingStates: readonly RunState[] = [
  ...states.waiting,
  ...states.running,
];

/** A filter as it stands in the URL, and what it means. */
export type ReadFilter = {
  /** As it was typed, without what is empty. */
  readonly typed: {
    readonly package?: string;
    readonly trigger?: string;
    readonly suites: readonly string[];
    readonly archs: readonly string[];
    readonly state?: string;
    readonly privacy?: string;
  };
  /** What is wrong, beside which field. */
  readonly faults: Readonly<Record<string, string>>;
  readonly filter: OwnFilter;
};

const maxLength = 500;

/**
 * Reads the query of debci's list of somebody's tests (wire 2.1): `package`
 * (with `*`), `trigger` (a part of it), `suite[]`, `arch[]`, `is_private[]`; and
 * `state` and `before` of our own.
 */
export function readRequestFilter(query: URLSearchParams): ReadFilter {
  const one = (name: string) =>
    query.get(name)?.trim().slice(0, maxLength) || undefined;
  const several = (name: string) =>
    [...query.getAll(name), ...query.getAll(`${name}[]`)]
      .map((value) => value.trim().slice(0, maxLength))
      .filter((value) => value !== "").slice(0, 100);
  const [name, trigger, state] = [one("package"), one("trigger"), one("state")];
  const [suites, archs] = [several("suite"), several("arch")];
  const privacy = privacyOf(several("is_private"));
  const known = Object.entries(states).find(([word]) => word === state)?.[1];
  const before = /^\d{1,15}$/.exec(query.get("before") ?? "")?.[0];
  return {
    typed: {
      ...name !== undefined && { package: name },
      ...trigger !== undefined && { trigger },
      suites,
      archs,
      ...state !== undefined && { state },
      ...privacy !== null && { privacy },
    },
    faults: state !== undefined && known === undefined
      ? { state: `There is no such state; use ${stateChoices.join(", ")}` }
      : {},
    filter: {
      ...name !== undefined && { package: name },
      ...trigger !== undefined && { trigger },
      ...suites.length > 0 && { suites },
      ...archs.length > 0 && { archs },
      ...known !== undefined && { states: known },
      ...privacy !== null && { isPrivate: privacy === "private" },
      ...before !== undefined && { before: Number(before) },
    },
  };
}

/** The query of a list, as debci's names are. */
export function toQuery(
  { package: name, trigger, suites, archs, state, privacy }:
    ReadFilter["typed"],
  others: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams();
  const add = (key: string, value: string | undefined) => {
    if (value !== undefined) query.append(key, value);
  };
  add("package", name);
  add("trigger", trigger);
  for (const suite of suites) add("suite[]", suite);
  for (const arch of archs) add("arch[]", arch);
  add("state", state);
  add("is_private[]", privacy && String(privacy === "private"));
  for (const [key, value] of Object.entries(others)) add(key, value);
  return query.size === 0 ? "" : `?${query}`;
}

/** debci's `true` and `false`, and the words of our form; both together narrow nothing. */
function privacyOf(
  values: readonly string[],
): (typeof privacyChoices)[number] | null {
  const isAsked = (words: readonly string[]) =>
    values.some((value) => words.includes(value));
  const isPrivate = isAsked(["true", "private"]);
  const isPublic = isAsked(["false", "public"]);
  if (isPrivate === isPublic) return null;
  return isPrivate ? "private" : "public";
}
