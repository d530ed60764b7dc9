import { type Database, type Row, sql } from "../../../../core/database.ts";
import type { EndState } from "../../../../core/run.ts";
import { prefixOf } from "../data_path.ts";
import type { Place } from "../history.ts";

/** A package in one place: its newest public result without pins. */
export type PackageStatus = Place & {
  readonly package: string;
  readonly number: number;
  readonly state: EndState;
  /** Epoch ms. */
  readonly finishedAt: number;
  /** Null for a test that never started. */
  readonly durationMs: number | null;
  readonly version: string | null;
  readonly message: string | null;
};

/** Which packages are listed. Every field narrows. */
export type NameFilter = {
  readonly prefix?: string;
  /** What the name holds somewhere. */
  readonly part?: string;
  /** The last name of the page before. */
  readonly after?: string;
  readonly limit: number;
};

/** How many packages there are by prefix, in the order of prefixes. */
export async function countPackages(
  database: Database,
): Promise<{ readonly prefix: string; readonly count: number }[]> {
  const rows = await database.query(sql`
    select prefix, count(*) as count from autopkgtest_public_package
    group by prefix order by prefix`);
  return rows.map((row) => ({
    prefix: String(row.prefix),
    count: Number(row.count),
  }));
}

/** Names of packages that have a public test, in the order of prefix and name. */
export async function listPackages(
  database: Database,
  { prefix, part, after, limit }: NameFilter,
): Promise<string[]> {
  const conditions = [
    ...(prefix === undefined ? [] : [sql`prefix = ${prefix}`]),
    ...(part === undefined ? [] : [sql`instr(name, ${part}) > 0`]),
    ...(after === undefined ? [] : [
      prefix === undefined
        ? sql`(prefix, name) > (${prefixOf(after)}, ${after})`
        : sql`name > ${after}`,
    ]),
  ];
  const where = conditions.reduce(
    (all, one) => sql`${all} and ${one}`,
    sql`1 = 1`,
  );
  const rows = await database.query(sql`
    select name from autopkgtest_public_package where ${where}
    order by prefix, name limit ${limit}`);
  return rows.map((row) => String(row.name));
}

/** Whether there is a public test of a package, over or not. */
export async function isPublicPackage(
  database: Database,
  name: string,
): Promise<boolean> {
  const rows = await database.query(sql`
    select 1 from autopkgtest_public_package
    where prefix = ${prefixOf(name)} and name = ${name}`);
  return rows.length > 0;
}

/** How the packages do in every place. */
export async function readStatuses(
  database: Database,
  names: readonly string[],
): Promise<PackageStatus[]> {
  if (names.length === 0) return [];
  const rows = await database.query(sql`
    select status.*, test.version, test.message from autopkgtest_status as status
    join autopkgtest_test as test on test.number = status.number and test.is_private = 0
    where status.package in (select value from json_each(${
    JSON.stringify(names)
  }))`);
  return rows.map(toPackageStatus);
}

/** A row of `autopkgtest_status` with the test's version and message. */
export function toPackageStatus(row: Row): PackageStatus {
  return {
    package: String(row.package),
    suite: String(row.suite),
    arch: String(row.arch),
    number: Number(row.number),
    state: row.state as EndState,
    finishedAt: Number(row.finished_at),
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
    version: row.version === null ? null : String(row.version),
    message: row.message === null ? null : String(row.message),
  };
}
