import {
  type Database,
  nothing,
  type Row,
  sql,
} from "../../../../core/database.ts";
import type { RunState } from "../../../../core/run.ts";
import type { Place } from "../history.ts";
import { type Parameters, parametersOf, toParameters } from "./parameters.ts";

/** A public test that is not over. */
export type PendingTest = Place & Parameters & {
  readonly package: string;
  readonly number: number;
  readonly state: RunState;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly requestor: string;
};

/** Which of them. Every field narrows; an empty list is no narrowing. */
export type PendingQuery = {
  readonly suites?: readonly string[];
  readonly archs?: readonly string[];
  readonly package?: string;
  /** Only larger numbers: where the page before ended. */
  readonly after?: number;
  readonly limit: number;
};

/** Public tests that are not over, the oldest first (debci 82). */
export async function listPending(
  database: Database,
  { suites = [], archs = [], package: name, after = 0, limit }: PendingQuery,
): Promise<PendingTest[]> {
  const among = (column: "suite" | "arch", chosen: readonly string[]) =>
    chosen.length === 0
      ? nothing
      : sql` and ${
        column === "suite" ? sql`suite` : sql`arch`
      } in (select value from json_each(${JSON.stringify(chosen)}))`;
  const ofPackage = name === undefined ? nothing : sql` and package = ${name}`;
  const rows = await database.query(sql`
    select number, package, suite, arch, state, created_at, requestor, ${parametersOf}
    from autopkgtest_listed_pending where number in (
      select number from autopkgtest_pending
      where number > ${after}${ofPackage}${among("suite", suites)}${
    among("arch", archs)
  }
      order by number limit ${limit}
    )
    order by number`);
  return rows.map(toPendingTest);
}

/** How many public tests are not over, by place. */
export async function countPending(
  database: Database,
): Promise<(Place & { readonly count: number })[]> {
  const rows = await database.query(sql`
    select suite, arch, count(*) as count from autopkgtest_pending
    group by suite, arch`);
  return rows.map((row) => ({
    suite: String(row.suite),
    arch: String(row.arch),
    count: Number(row.count),
  }));
}

function toPendingTest(row: Row): PendingTest {
  return {
    package: String(row.package),
    suite: String(row.suite),
    arch: String(row.arch),
    number: Number(row.number),
    state: row.state as RunState,
    createdAt: Number(row.created_at),
    requestor: String(row.requestor),
    ...toParameters(row),
  };
}
