import { type Database, sql } from "../../../core/database.ts";

/**
 * The id of each package: debci's `package_id`, given when a package is first
 * asked for. A package that is known already keeps its id.
 */
export async function ensurePackageIds(
  database: Database,
  names: readonly string[],
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const [result] = await database.batch([sql`
    insert into autopkgtest_package (name)
    select distinct value from json_each(${JSON.stringify(names)}) where true
    on conflict (name) do update set name = excluded.name
    returning id, name`]);
  return new Map(
    (result?.rows ?? []).map((row) => [String(row.name), Number(row.id)]),
  );
}
