import * as z from "zod";
import type { Facet, FacetsByBackend } from "../core/facet.ts";
import type { PageFilter } from "../core/page_data.ts";
import { endStates, type RunState, runStates } from "../core/run.ts";

/** What the form of `/runs` may say of any run, as it stands in the URL. */
const commonFields = ["backend", "job", "state", "owner", "from", "to"];

/** Runs of a page. */
export const pageSize = 50;

/** Words for several states. */
const groups: Readonly<Record<string, readonly RunState[]>> = {
  waiting: ["scheduled", "queued"],
  live: ["claimed", "running"],
  ended: endStates,
};

/** What the form offers for the state. */
export const stateChoices: readonly string[] = [
  ...Object.keys(groups),
  ...runStates,
];

/** A filter as it was typed, and what it means. */
export type ReadFilter = {
  /** As it was typed, without what is empty. */
  readonly typed: { readonly [field: string]: string };
  /** What is wrong, beside which field. */
  readonly faults: { readonly [field: string]: string };
  readonly filter: PageFilter;
  /** What the chosen backend's runs are filtered by, or all backends'; each name once. */
  readonly facets: readonly Facet[];
  readonly before?: number;
  readonly above?: number;
};

const number = z.coerce.number().int().min(0).max(1e15);
const maxLength = 500;

/**
 * Reads the query of `/runs`. What is unknown in it is left alone: links from
 * elsewhere add words of their own, and another backend has other facets.
 */
export function readFilter(
  query: Readonly<Record<string, string>>,
  facetsByBackend: FacetsByBackend,
): ReadFilter {
  const read = (field: string) => {
    const value = Object.hasOwn(query, field) ? query[field]?.trim() : "";
    return value ? [[field, value.slice(0, maxLength)]] : [];
  };
  const facets = shownFacets(facetsByBackend, query.backend?.trim());
  const ofFacets: Record<string, string> = Object.fromEntries(
    facets.flatMap(({ name }) => read(name)),
  );
  const typed: Record<string, string> = {
    ...Object.fromEntries(commonFields.flatMap(read)),
    ...ofFacets,
  };
  const states = typed.state === undefined ? undefined : statesOf(typed.state);
  const createdSince = readDay(typed.from, 0);
  const createdUntil = readDay(typed.to, 86_400_000);
  const faults = {
    ...states === null &&
      { state: `There is no such state; use ${stateChoices.join(", ")}` },
    ...createdSince === null && { from: dayFault },
    ...createdUntil === null && { to: dayFault },
  };
  const filter = {
    ...typed.backend !== undefined && { backend: typed.backend },
    ...typed.job !== undefined && { job: typed.job },
    ...typed.owner !== undefined && { ownerName: typed.owner },
    ...states && { states },
    ...typeof createdSince === "number" && { createdSince },
    ...typeof createdUntil === "number" && { createdUntil },
    ...Object.keys(ofFacets).length > 0 && { facets: ofFacets },
  };
  return { typed, faults, filter, facets, ...readPlace(query) };
}

function shownFacets(
  facetsByBackend: FacetsByBackend,
  backend: string | undefined,
): readonly Facet[] {
  const all = backend
    ? facetsByBackend.get(backend) ?? []
    : [...facetsByBackend.values()].flat();
  const names = all.map(({ name }) => name);
  return all.filter(({ name }, at) => names.indexOf(name) === at);
}

/** The path of a list. */
export function toListPath(
  typed: ReadFilter["typed"],
  place: { readonly before?: number; readonly above?: number } = {},
): string {
  const query = new URLSearchParams(typed);
  for (const [name, value] of Object.entries(place)) {
    query.set(name, String(value));
  }
  return query.size === 0 ? "/runs" : `/runs?${query}`;
}

function readPlace(query: Readonly<Record<string, string>>) {
  const [before, above] = [query.before, query.above].map((text) =>
    number.safeParse(text || undefined).data
  );
  if (before !== undefined) return { before };
  return above === undefined ? {} : { above };
}

function statesOf(word: string): readonly RunState[] | null {
  if (Object.hasOwn(groups, word)) return groups[word] ?? null;
  const state = runStates.find((each) => each === word);
  return state === undefined ? null : [state];
}

const dayFault =
  "Write a day such as 2026-01-31, or a moment such as 2026-01-31T12:00Z";

/** A day, or an ISO moment, in UTC; null for what is neither. A day that ends a span is within it. */
function readDay(
  text: string | undefined,
  dayMs: number,
): number | null | undefined {
  if (text === undefined) return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isMoment =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/
      .test(text);
  if (!isDay && !isMoment) return null;
  const isZoned = isDay || /(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = Date.parse(isZoned ? text : `${text}Z`);
  if (Number.isNaN(at) || at < 0) return null;
  return isDay ? at + dayMs : at;
}
