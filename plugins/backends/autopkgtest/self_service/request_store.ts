import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../../../../core/database.ts";
import type { Limit } from "../../../../core/limit.ts";
import type { Principal } from "../../../../core/principal.ts";
import type { RunState } from "../../../../core/run.ts";

/** A test that somebody has asked for, as their own list shows it. */
export type OwnTest = {
  readonly number: number;
  readonly id: string;
  readonly package: string;
  readonly suite: string;
  readonly arch: string;
  /** Empty when there is none. */
  readonly trigger: string;
  readonly pins: readonly (readonly string[])[];
  readonly isPrivate: boolean;
  readonly state: RunState;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
};

/** Whose tests, and what of them the credential may see. */
export type OwnReader = Pick<Principal, "account" | "limits">;

/** Which of them. Every field narrows. */
export type OwnFilter = {
  /** A name, in which `*` stands for anything. */
  readonly package?: string;
  /** A part of it. */
  readonly trigger?: string;
  readonly suites?: readonly string[];
  readonly archs?: readonly string[];
  readonly states?: readonly RunState[];
  readonly isPrivate?: boolean;
  /** Only those with a smaller number: where the page before ended. */
  readonly before?: number;
};

/** A page of the list. */
export type OwnPage = {
  readonly tests: readonly OwnTest[];
  /** Where the page behind begins; null when there is none. */
  readonly next: number | null;
  /** The search went no further back, so there may be more. */
  readonly isCut: boolean;
};

/** So far back a page looks, so that a filter that finds nothing takes no time either. */
export const maxSearched = 5_000;

/** What an owner has asked for and is within their limits, newest first. */
export async function listOwn(
  database: Database,
  owner: OwnReader,
  filter: OwnFilter,
  limit: number,
): Promise<OwnPage> {
  const end = await searchEnd(database, owner, filter);
  const rows = await database.query(sql`
    ${tests(indexFor(filter))}
    where ${baseOf(owner, filter)} and asked.number > ${end ?? -1} ${
    narrowed(owner, filter)
  }
    order by asked.number desc ${written(`limit ${Math.trunc(limit) + 1}`)}`);
  const found = rows.slice(0, limit).map(toOwnTest);
  if (rows.length > limit) {
    const next = found.at(-1)?.number ?? null;
    return { tests: found, next, isCut: false };
  }
  return end === null
    ? { tests: found, next: null, isCut: false }
    : { tests: found, next: end + 1, isCut: true };
}

/** The number at which a search stops; null when it goes through to the first test, as one does of which every row counts. */
async function searchEnd(
  database: Database,
  owner: OwnReader,
  filter: OwnFilter,
): Promise<number | null> {
  if (narrowed(owner, filter) === nothing) return null;
  const [row] = await database.query(sql`
    select asked.number from autopkgtest_request as asked ${indexFor(filter)}
    where ${baseOf(owner, filter)}
    order by asked.number desc ${written(`limit 1 offset ${maxSearched}`)}`);
  return row === undefined ? null : Number(row.number);
}

/** Those of the numbers that are an owner's and within their limits, newest first. */
export async function findOwn(
  database: Database,
  owner: OwnReader,
  numbers: readonly number[],
): Promise<OwnTest[]> {
  const rows = await database.query(sql`
    ${tests(written("not indexed"))} where asked.owner = ${owner.account}
      and asked.number in (
        select value from json_each(${JSON.stringify(numbers)}))
      ${every(nothing, within(owner.limits))}
    order by asked.number desc`);
  return rows.map(toOwnTest);
}

/** Selects tests; what changes while they run is of the run. */
function tests(index: Statement): Statement {
  return sql`
    select asked.*, run.id, run.state, run.request -> '$.pin_packages' as pins,
      run.created_at, run.started_at, run.finished_at
    from autopkgtest_request as asked ${index}
    cross join run on run.number = asked.number`;
}

/** The index that finds `baseOf`, newest first: left to itself SQLite takes the primary key, and looks at everything. */
function indexFor({ package: name, isPrivate }: OwnFilter): Statement {
  if (name !== undefined && !name.includes("*")) {
    return written("indexed by autopkgtest_request_by_package");
  }
  return isPrivate === true
    ? written("indexed by autopkgtest_request_private")
    : written("not indexed");
}

/** What an index finds. */
function baseOf({ account }: OwnReader, filter: OwnFilter): Statement {
  const { package: name, isPrivate, before } = filter;
  const conditions = [
    before === undefined ? null : sql`asked.number < ${before}`,
    name === undefined || name.includes("*")
      ? null
      : sql`asked.package = ${name}`,
    isPrivate === true ? sql`asked.is_private = 1` : null,
  ];
  return every(sql`asked.owner = ${account}`, conditions);
}

/** What must be looked at. */
function narrowed({ limits }: OwnReader, filter: OwnFilter): Statement {
  const { package: name, trigger, suites, archs, states, isPrivate } = filter;
  return every(nothing, [
    name?.includes("*") ? sql`asked.package glob ${toSqlGlob(name)}` : null,
    trigger === undefined ? null : sql`instr(asked.cause, ${trigger}) > 0`,
    suites === undefined ? null : among(sql`asked.suite`, suites),
    archs === undefined ? null : among(sql`asked.arch`, archs),
    states === undefined ? null : among(sql`run.state`, states),
    isPrivate === false ? sql`asked.is_private = 0` : null,
    ...within(limits),
  ]);
}

/** `isWithin` of core/limit.ts, as conditions. */
function within(limits: readonly Limit[]): Statement[] {
  return limits.flatMap(({ backends, jobs }) => [
    ...(backends?.includes("autopkgtest") ?? true) ? [] : [sql`0`],
    ...jobs === undefined ? [] : [
      sql`exists (select 1 from json_each(${
        JSON.stringify(jobs.map((glob) => glob.replaceAll("[", "[[]")))
      }) where asked.package glob value)`,
    ],
  ]);
}

function every(
  first: Statement,
  conditions: readonly (Statement | null)[],
): Statement {
  return conditions.reduce<Statement>(
    (all, one) => one === null ? all : sql`${all} and ${one}`,
    first,
  );
}

function among(column: Statement, values: readonly string[]): Statement {
  return sql`${column} in (select value from json_each(${
    JSON.stringify(values)
  }))`;
}

/** Numbers of our own, written out: SQLite prepares a statement anew each time a bound limit is set. */
function written(text: string): Statement {
  return { text, values: [] };
}

/** In SQLite's globs more than `*` means something. */
function toSqlGlob(pattern: string): string {
  return pattern.replaceAll(/[?[]/g, (character) => `[${character}]`);
}

function toOwnTest(row: Row): OwnTest {
  return {
    number: Number(row.number),
    id: String(row.id),
    package: String(row.package),
    suite: String(row.suite),
    arch: String(row.arch),
    trigger: String(row.cause),
    pins: toPins(row.pins),
    isPrivate: row.is_private === 1,
    state: row.state as RunState,
    createdAt: Number(row.created_at),
    startedAt: row.started_at === null ? null : Number(row.started_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
  };
}

function toPins(json: unknown): string[][] {
  const lists: unknown = typeof json === "string" ? JSON.parse(json) : [];
  return Array.isArray(lists)
    ? lists.map((list) => [list].flat().map(String))
    : [];
}
