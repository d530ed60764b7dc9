import {
  type Database,
  nothing,
  sql,
  type Statement,
} from "../../../../core/database.ts";
import type { EndState } from "../../../../core/run.ts";
import type { Place } from "../history.ts";
import type { Cursor } from "./cursor.ts";
import { type PackageStatus, toPackageStatus } from "./package_store.ts";

/** Which part of a list is read. */
export type ListQuery = {
  /** Null is everywhere. */
  readonly places: readonly Place[] | null;
  /** Where the page before ended. */
  readonly before: Cursor | null;
  readonly limit: number;
};

/** Packages whose newest result is of a state, the latest first. */
export async function listByState(
  database: Database,
  state: EndState,
  query: ListQuery,
): Promise<PackageStatus[]> {
  const branch = (place: Statement) =>
    sql`select * from autopkgtest_status where ${place} and state = ${state}`;
  const rows = await database.query(sql`
    select status.*, test.version, test.message from (${
    newest(branch, query)
  }) as status
    join autopkgtest_test as test on test.number = status.number and test.is_private = 0
    order by status.finished_at desc, status.number desc`);
  return rows.map(toPackageStatus);
}

/** A change of how a package does. */
export type Change = PackageStatus & { readonly before: EndState };

/** Changes of how packages do, the latest first. */
export async function listChanges(
  database: Database,
  query: ListQuery & { readonly package?: string },
): Promise<Change[]> {
  const ofPackage = query.package === undefined
    ? nothing
    : sql` and package = ${query.package}`;
  const branch = (place: Statement) =>
    sql`select * from autopkgtest_news where ${place}${ofPackage}`;
  const rows = await database.query(sql`
    select news.*, test.version, test.message, test.finished_at - test.started_at as duration_ms
    from (${newest(branch, query)}) as news
    join autopkgtest_test as test on test.number = news.number and test.is_private = 0
    order by news.finished_at desc, news.number desc`);
  return rows.map((row) => ({
    ...toPackageStatus(row),
    before: row.before as EndState,
  }));
}

/** Packages whose newest test took more than an hour, the slowest first; `before` is by duration. */
export async function listSlow(
  database: Database,
  { places, before, limit }: ListQuery,
): Promise<PackageStatus[]> {
  const isChosen = places === null ? sql`1 = 1` : sql`exists (
    select 1 from json_each(${JSON.stringify(places)}) as place
    where place.value ->> 'suite' = status.suite and place.value ->> 'arch' = status.arch)`;
  const isBehind = before === null
    ? sql`1 = 1`
    : sql`(duration_ms, number) < (${before.by}, ${before.number})`;
  const rows = await database.query(sql`
    select status.*, test.version, test.message from (
      select * from autopkgtest_status as status
      where duration_ms > 3600000 and ${isBehind} and ${isChosen}
      order by duration_ms desc, number desc limit ${limit}
    ) as status
    join autopkgtest_test as test on test.number = status.number and test.is_private = 0
    order by status.duration_ms desc, status.number desc`);
  return rows.map(toPackageStatus);
}

/** A package in a suite in which it passes on one architecture and fails on another. */
export type Difference = { readonly package: string; readonly suite: string };

/** What passes on one architecture and fails on another in the same suite (debci 94), by name. */
export async function listDifferences(
  database: Database,
  { suites, after, limit }: {
    readonly suites: readonly string[];
    readonly after: Difference | null;
    readonly limit: number;
  },
): Promise<Difference[]> {
  const ofSuite = suites.length === 0 ? sql`1 = 1` : sql`failing.suite in (
    select value from json_each(${JSON.stringify(suites)}))`;
  const isBehind = after === null
    ? sql`1 = 1`
    : sql`(failing.package, failing.suite) > (${after.package}, ${after.suite})`;
  const rows = await database.query(sql`
    select failing.package, failing.suite from autopkgtest_status as failing
    where failing.state = 'failed' and ${isBehind} and ${ofSuite} and exists (
      select 1 from autopkgtest_status as passing
      where passing.package = failing.package and passing.suite = failing.suite
        and passing.state = 'passed'
    )
    group by failing.package, failing.suite
    order by failing.package, failing.suite limit ${limit}`);
  return rows.map((row) => ({
    package: String(row.package),
    suite: String(row.suite),
  }));
}

/** The newest rows of all places, or of each in turn by its own part of the index. */
function newest(
  branch: (place: Statement) => Statement,
  { places, before, limit }: ListQuery,
): Statement {
  const isBehind = before === null
    ? nothing
    : sql` and (finished_at, number) < (${before.by}, ${before.number})`;
  const order = sql`order by finished_at desc, number desc limit ${limit}`;
  if (places === null) return sql`${branch(sql`1 = 1`)}${isBehind} ${order}`;
  const all = places.map(({ suite, arch }) =>
    sql`select * from (${
      branch(sql`suite = ${suite} and arch = ${arch}`)
    }${isBehind} ${order})`
  );
  const [first = sql`${branch(sql`0 = 1`)}`, ...others] = all;
  const united = others.reduce(
    (before, next) => sql`${before} union all ${next}`,
    first,
  );
  return sql`select * from (${united}) ${order}`;
}
