import { jobTypes } from "../execution_type.ts";
import type { JobSearch } from "../job_search.ts";

/** What the form of `/jobs` may say, as it stands in the URL. */
export const jobFields = [
  "name",
  "type",
  "org",
  "repo",
  "cluster",
  "agent",
] as const;

type Values = Partial<Record<(typeof jobFields)[number], string>>;

/** Which page: the one behind a cursor, or the one ahead of it. */
type Place = { readonly cursor?: string; readonly before?: string };

/** A search as it was typed, and what it means. */
export type JobQuery = {
  readonly values: Values;
  /** What is wrong, beside which field. */
  readonly faults: Readonly<Record<string, string>>;
  readonly search: JobSearch;
  readonly place: Place;
};

const maxLength = 500;

/** Reads the query of `/jobs`. What is unknown in it is left alone: links from elsewhere add words of their own. */
export function readJobQuery(
  query: Readonly<Record<string, string>>,
): JobQuery {
  const { type: typedType, ...others } = valuesOf(query);
  const type = jobTypes.find((each) => each === typedType);
  const isFaulty = typedType !== undefined && type === undefined;
  const { cursor, before } = query;
  return {
    values: { ...others, ...typedType !== undefined && { type: typedType } },
    faults: isFaulty
      ? { type: `There is no such type; use ${jobTypes.join(", ")}` }
      : {},
    search: { ...others, type },
    place: before ? { before } : cursor ? { cursor } : {},
  };
}

/** The path of a list of jobs. */
export function toJobsPath(
  values: Values,
  place: Place = {},
): string {
  const query = new URLSearchParams({ ...values, ...place });
  return query.size === 0 ? "/jobs" : `/jobs?${query}`;
}

function valuesOf(query: Readonly<Record<string, string>>): Values {
  const values: Values = {};
  for (const field of jobFields) {
    const value = Object.hasOwn(query, field) ? query[field]?.trim() : "";
    if (value) values[field] = value.slice(0, maxLength);
  }
  return values;
}
