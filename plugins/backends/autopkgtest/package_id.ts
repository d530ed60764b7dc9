import { type Database, type Row, sql } from "../../../core/database.ts";

/**
 * The id of each package: debci's `package_id`, given when a package is first
 * asked for. A package that is known already keeps its id, and nothing is
 * written when all are.
 */
export async function ensurePackageIds(
  database: Database,
  names: readonly string[],
): Promise<Map<string, number>> {
  const known = await findIds(database, names);
  const missing = names.filter((name) => !known.has(name));
  if (missing.length === 0) return known;
  const [result] = await database.batch([sql`
    insert into autopkgtest_package (name)
    select distinct value from json_each(${JSON.stringify(missing)}) where true
    on conflict (name) do update set name = excluded.name
    returning id, name`]);
  return new Map([...known, ...toIds(result?.rows ?? [])]);
}

async function findIds(
  database: Database,
  names: readonly string[],
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  return toIds(
    await database.query(sql`
      select id, name from autopkgtest_package
      where name in (select value from json_each(${JSON.stringify(names)}))`),
  );
}

function toIds(rows: readonly Row[]): Map<string, number> {
  return new Map(rows.map((row) => [String(row.name), Number(row.id)]));
}
