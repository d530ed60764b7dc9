import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import { type Database, sql } from "../../../../core/database.ts";
import type { Place } from "../history.ts";
import type { Options } from "../options.ts";

/** Suites and architectures, as pages order them. */
export type Places = {
  readonly suites: readonly string[];
  readonly archs: readonly string[];
  /** Those of them in which there is a public result. */
  readonly tested: readonly Place[];
};

/** The suites and architectures that the operator lists, and behind them those that only results are of. */
export async function readPlaces(
  database: Database,
  { suites, architectures }: Options,
): Promise<Places> {
  // From one name to the next by the index, however many results there are.
  const rows = await database.query(sql`
    with recursive known (suite) as (
      select (select min(suite) from autopkgtest_public_result)
      union all
      select (select min(suite) from autopkgtest_public_result where suite > known.suite)
      from known where known.suite is not null
    ),
    place (suite, arch) as (
      select suite, (
        select min(arch) from autopkgtest_public_result as result where result.suite = known.suite
      ) from known where suite is not null
      union all
      select suite, (
        select min(arch) from autopkgtest_public_result as result
        where result.suite = place.suite and result.arch > place.arch
      ) from place where arch is not null
    )
    select suite, arch from place where arch is not null order by suite, arch`);
  const found = rows.map((row) => ({
    suite: String(row.suite),
    arch: String(row.arch),
  }));
  const all = {
    suites: union(suites, found.map(({ suite }) => suite)),
    archs: union(architectures, found.map(({ arch }) => arch)),
  };
  return { ...all, tested: inOrder(found, all) };
}

function union(first: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...first, ...more.toSorted()])];
}

function inOrder(
  places: readonly Place[],
  { suites, archs }: Pick<Places, "suites" | "archs">,
): Place[] {
  return suites.flatMap((suite) =>
    archs.flatMap((arch) =>
      places.filter((place) => place.suite === suite && place.arch === arch)
    )
  );
}

/** The suites and architectures that a reader chose; none is all. */
export type PlaceFilter = {
  readonly suites: readonly string[];
  readonly archs: readonly string[];
};

/** The filter of the address: debci's `suite[]` and `arch[]`, as often as wanted. */
export function readPlaceFilter(c: Context<AppEnv>): PlaceFilter {
  const all = (name: string) =>
    [
      ...new Set([
        ...(c.req.queries(`${name}[]`) ?? []),
        ...(c.req.queries(name) ?? []),
      ]),
    ].filter((value) => value !== "").slice(0, maxChosen);
  return { suites: all("suite"), archs: all("arch") };
}

/** Nobody has more suites; an address may name any number. */
const maxChosen = 50;

/** The tested places that a filter leaves; null for all of them, without looking. */
export function chosenPlaces(
  { tested }: Places,
  { suites, archs }: PlaceFilter,
): readonly Place[] | null {
  if (suites.length === 0 && archs.length === 0) return null;
  return tested.filter(({ suite, arch }) =>
    (suites.length === 0 || suites.includes(suite)) &&
    (archs.length === 0 || archs.includes(arch))
  );
}

/** The filter as query parameters. */
export function filterParams(
  { suites, archs }: PlaceFilter,
): [string, string][] {
  return [
    ...suites.map((suite): [string, string] => ["suite[]", suite]),
    ...archs.map((arch): [string, string] => ["arch[]", arch]),
  ];
}
