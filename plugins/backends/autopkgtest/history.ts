import {
  type Database,
  type Row,
  sql,
  type SqlValue,
  type Statement,
} from "../../../core/database.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { EndState } from "../../../core/run.ts";
import type { StateChange } from "./status_count.ts";
import type { ListedTest } from "./test_result.ts";

/** What is kept of a test when it has a result, beside what its run says. */
export type Finding = {
  /** `n/a` for a test that ran and left none. */
  readonly version: string | null;
  /** Stays with the runner's name: debci's `worker_id`. */
  readonly workerId: number | null;
  readonly logBytes: number | null;
  readonly artifactsBytes: number | null;
  /** Of the public test without pins that ended before this one; so is `lastPass`. */
  readonly previousState: EndState | null;
  readonly lastPass:
    | { readonly finishedAt: number; readonly version: string | null }
    | null;
};

/** A test with a result. */
export type EndedTest = {
  readonly id: string;
  readonly test: ListedTest;
  readonly finding: Finding;
};

/** A package's tests in one place. */
export type Place = { readonly suite: string; readonly arch: string };

/** The findings of those of the tests that have a result, by number. */
export async function findFindings(
  database: Database,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, Finding>> {
  if (numbers.length === 0) return new Map();
  const rows = await database.query(sql`
    select number, version, worker, log_bytes, artifacts_bytes, previous_state, last_pass_at, last_pass_version
    from autopkgtest_test
    where number in (select value from json_each(${JSON.stringify(numbers)}))`);
  return new Map(rows.map((row) => [Number(row.number), toFinding(row)]));
}

/** A package's public tests in one place, newest first. */
export async function readHistory(
  database: Database,
  { suite, arch }: Place,
  name: string,
  limit: number,
): Promise<EndedTest[]> {
  const newest = (isPinned: number) =>
    sql`
      select * from (
        select finished_at, number from autopkgtest_public_result
        where suite = ${suite} and arch = ${arch} and package = ${name} and is_pinned = ${isPinned}
        order by finished_at desc, number desc limit ${limit}
      )`;
  const rows = await database.query(sql`
    select test.* from (${newest(0)} union all ${newest(1)}) as result
    join autopkgtest_test as test on test.number = result.number and test.is_private = 0
    order by test.finished_at desc, test.number desc limit ${limit}`);
  return rows.map(toEndedTest);
}

/** Packages by name, each with its newest public test without pins; `next` is where the page behind begins. */
export type PackagePage = {
  readonly tests: readonly EndedTest[];
  readonly next: string | null;
};

/** The packages of one place behind the name `after`, at most `limit`. Those that were tested with pins only are left out. */
export async function readPackages(
  database: Database,
  { suite, arch }: Place,
  after: string,
  limit: number,
): Promise<PackagePage> {
  const firstBehind = (name: Statement) =>
    sql`
      select min(package) from autopkgtest_public_result
      where suite = ${suite} and arch = ${arch} and package > ${name}`;
  const rows = await database.query(sql`
    with recursive known (package) as (
      select (${firstBehind(sql`${after}`)})
      union all
      select (${
    firstBehind(sql`known.package`)
  }) from known where known.package is not null
      limit ${limit}
    )
    select known.package as known, test.* from known
    left join autopkgtest_test as test on test.number = (
      select number from autopkgtest_public_result
      where suite = ${suite} and arch = ${arch} and package = known.package and is_pinned = 0
      order by finished_at desc, number desc limit 1
    ) and test.is_private = 0
    where known.package is not null
    order by known.package`);
  const last = rows.length === limit ? rows.at(-1)?.known : undefined;
  return {
    tests: rows.filter((row) => row.number !== null).map(toEndedTest),
    next: last === undefined ? null : String(last),
  };
}

/** How often each state was gained by a package in one place, by day. */
export async function readStateChanges(
  database: Database,
  { suite, arch }: Place,
): Promise<StateChange[]> {
  const rows = await database.query(sql`
    select day, state, change from autopkgtest_status_change
    where suite = ${suite} and arch = ${arch} order by day`);
  return rows.map((row) => ({
    day: Number(row.day),
    state: row.state as EndState,
    change: Number(row.change),
  }));
}

/** A package that came to do otherwise than before. */
export type News = EndedTest & { readonly before: EndState };

/**
 * The newest changes among passed, failed and neutral of a package's public
 * tests without pins. A test that went wrong for reasons of its own (tmpfail) changes nothing.
 */
export async function readNews(
  database: Database,
  places: readonly Place[],
  name: string,
  limit: number,
): Promise<News[]> {
  const rows = await database.query(sql`
    select news.before, test.* from autopkgtest_news as news
    join autopkgtest_test as test on test.number = news.number and test.is_private = 0
    where news.package = ${name} and exists (
      select 1 from json_each(${JSON.stringify(places)}) as place
      where place.value ->> 'suite' = news.suite and place.value ->> 'arch' = news.arch
    )
    order by news.finished_at desc, news.number desc limit ${limit}`);
  return rows.map((row) => ({
    ...toEndedTest(row),
    before: row.before as EndState,
  }));
}

/** When a public test of the package without pins last ended in one of the places; null when none has. */
export async function lastResultAt(
  database: Database,
  places: readonly Place[],
  name: string,
): Promise<number | null> {
  const [row] = await database.query(sql`
    select max((
      select max(finished_at) from autopkgtest_public_result
      where suite = place.value ->> 'suite' and arch = place.value ->> 'arch'
        and package = ${name} and is_pinned = 0
    )) as finished_at
    from json_each(${JSON.stringify(places)}) as place`);
  return toNumber(row?.finished_at);
}

/** A row of `autopkgtest_test`. */
export function toEndedTest(row: Row): EndedTest {
  const test: ListedTest = {
    number: Number(row.number),
    job: String(row.package),
    request: JSON.parse(String(row.request)) as JsonObject,
    state: row.state as EndState,
    isPrivate: row.is_private === 1,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    startedAt: toNumber(row.started_at),
    finishedAt: Number(row.finished_at),
    message: toText(row.message),
    owner: { account: Number(row.owner) },
  };
  return { id: String(row.id), test, finding: toFinding(row) };
}

function toFinding(row: Row): Finding {
  const passedAt = toNumber(row.last_pass_at);
  return {
    version: toText(row.version),
    workerId: toNumber(row.worker),
    logBytes: toNumber(row.log_bytes),
    artifactsBytes: toNumber(row.artifacts_bytes),
    previousState: row.previous_state as EndState | null,
    lastPass: passedAt === null
      ? null
      : { finishedAt: passedAt, version: toText(row.last_pass_version) },
  };
}

function toNumber(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function toText(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
