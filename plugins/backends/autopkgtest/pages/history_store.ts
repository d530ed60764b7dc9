import { type Database, nothing, sql } from "../../../../core/database.ts";
import type { Place } from "../history.ts";
import type { Cursor } from "./cursor.ts";
import { type PackageStatus, toPackageStatus } from "./package_store.ts";
import { type Parameters, parametersOf, toParameters } from "./parameters.ts";

/** A public test that is over, as a package's history shows it. */
export type HistoryTest = PackageStatus & Parameters & {
  readonly requestor: string;
  readonly isPinned: boolean;
  readonly logBytes: number;
  /** Null where there are none. */
  readonly artifactsBytes: number | null;
};

/** The public tests of a package in one place, the latest first (debci 92). */
export async function listHistory(
  database: Database,
  { suite, arch }: Place,
  name: string,
  before: Cursor | null,
  limit: number,
): Promise<HistoryTest[]> {
  const isBehind = before === null
    ? nothing
    : sql` and (finished_at, number) < (${before.by}, ${before.number})`;
  const newest = (isPinned: boolean) =>
    sql`
      select * from (
        select finished_at, number from autopkgtest_public_result
        where suite = ${suite} and arch = ${arch} and package = ${name}
          and is_pinned = ${isPinned}${isBehind}
        order by finished_at desc, number desc limit ${limit}
      )`;
  const rows = await database.query(sql`
    select test.package, test.suite, test.arch, test.number, test.state, test.finished_at,
      test.finished_at - test.started_at as duration_ms, test.version, test.message,
      test.is_pinned, test.log_bytes, test.artifacts_bytes, test.requestor, ${parametersOf}
    from (${newest(false)} union all ${newest(true)}) as result
    join autopkgtest_listed_test as test on test.number = result.number and test.is_private = 0
    order by test.finished_at desc, test.number desc limit ${limit}`);
  return rows.map((row) => ({
    ...toPackageStatus(row),
    ...toParameters(row),
    requestor: String(row.requestor),
    isPinned: row.is_pinned === 1,
    logBytes: Number(row.log_bytes ?? 0),
    artifactsBytes: row.artifacts_bytes === null
      ? null
      : Number(row.artifacts_bytes),
  }));
}
