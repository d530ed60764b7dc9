import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../../../../core/database.ts";
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
export const maxSearched = 10_000;

/** What an owner has asked for, newest first. */
export async function listOwn(
  database: Database,
  owner: number,
  filter: OwnFilter,
  limit: number,
): Promise<OwnPage> {
  const base = baseOf(owner, filter);
  const end = sql`(
    select number from autopkgtest_request where ${base}
    order by number desc ${written(`limit 1 offset ${maxSearched}`)})`;
  const [rows, [last]] = await Promise.all([
    database.query(sql`
      select * from autopkgtest_own_test
      where ${base} and number > coalesce(${end}, -1) ${narrowed(filter)}
      order by number desc ${written(`limit ${Math.trunc(limit) + 1}`)}`),
    database.query(sql`select ${end} as number`),
  ]);
  const tests = rows.slice(0, limit).map(toOwnTest);
  if (rows.length > limit) {
    return { tests, next: tests.at(-1)?.number ?? null, isCut: false };
  }
  const isCut = typeof last?.number === "number";
  return { tests, next: isCut ? Number(last.number) + 1 : null, isCut };
}

/** Those of the numbers that are an owner's, newest first. */
export async function findOwn(
  database: Database,
  owner: number,
  numbers: readonly number[],
): Promise<OwnTest[]> {
  const rows = await database.query(sql`
    select * from autopkgtest_own_test where owner = ${owner}
      and number in (select value from json_each(${JSON.stringify(numbers)}))
    order by number desc`);
  return rows.map(toOwnTest);
}

/** What an index finds. */
function baseOf(owner: number, filter: OwnFilter): Statement {
  const { package: name, isPrivate, before } = filter;
  return sql`owner = ${owner} ${
    before === undefined ? nothing : sql`and number < ${before}`
  } ${
    name === undefined || name.includes("*")
      ? nothing
      : sql`and package = ${name}`
  } ${isPrivate === true ? sql`and is_private = 1` : nothing}`;
}

/** What must be looked at. */
function narrowed(filter: OwnFilter): Statement {
  const { package: name, trigger, suites, archs, states, isPrivate } = filter;
  const conditions = [
    name?.includes("*") ? sql`package glob ${toSqlGlob(name)}` : null,
    trigger === undefined ? null : sql`instr(cause, ${trigger}) > 0`,
    suites === undefined ? null : among(sql`suite`, suites),
    archs === undefined ? null : among(sql`arch`, archs),
    states === undefined ? null : among(sql`state`, states),
    isPrivate === false ? sql`is_private = 0` : null,
  ];
  return conditions.reduce<Statement>(
    (all, one) => one === null ? all : sql`${all} and ${one}`,
    nothing,
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
