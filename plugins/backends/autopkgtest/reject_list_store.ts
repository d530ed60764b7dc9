import { type Database, type Row, sql } from "../../../core/database.ts";
import { entryText, type RejectEntry } from "./reject_entry.ts";
import { type Places, RejectList } from "./reject_list.ts";

/** What a replacement of the list does, each entry as a line of the file. */
export type ListChange = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
};

/** Every write lets all servers on the store read the list again. */
const revise = sql`
  update autopkgtest_reject_revision set revision = revision + 1 where id = 1`;

/** Where questions are put to the list as it is now; it is read again only after a change. */
export function openRejectList(
  database: Database,
  places: Places,
): () => Promise<RejectList> {
  let known: { revision: number; list: RejectList } | null = null;
  return async () => {
    const [row] = await database.query(
      sql`select revision from autopkgtest_reject_revision`,
    );
    const revision = Number(row?.revision ?? 0);
    if (known?.revision !== revision) {
      const list = new RejectList(await readEntries(database), places);
      known = { revision, list };
    }
    return known.list;
  };
}

/** All entries, in the order in which they came; none in a store that was never migrated. */
export async function readEntries(database: Database): Promise<RejectEntry[]> {
  const tables = await database.query(
    sql`select 1 from sqlite_master where name = 'autopkgtest_reject'`,
  );
  if (tables.length === 0) return [];
  const rows = await database.query(
    sql`select * from autopkgtest_reject order by rowid`,
  );
  return rows.map(toEntry);
}

/** Adds an entry, or gives another reason to one that is there; says whether it is new. */
export async function saveEntry(
  database: Database,
  entry: RejectEntry,
  now: number,
): Promise<boolean> {
  const [known] = await database.batch([
    sql`update autopkgtest_reject set reason = ${entry.reason} ${same(entry)}`,
    sql`insert into autopkgtest_reject (package, suite, arch, version, reason, created_at)
        values (${entry.package}, ${entry.suite}, ${entry.arch}, ${entry.version},
          ${entry.reason}, ${now})
        on conflict do nothing`,
    revise,
  ]);
  return known?.changes === 0;
}

/** Removes an entry; says whether there was one. */
export async function removeEntry(
  database: Database,
  entry: Omit<RejectEntry, "reason">,
): Promise<boolean> {
  const [removed] = await database.batch([
    sql`delete from autopkgtest_reject ${same(entry)}`,
    revise,
  ]);
  return removed?.changes === 1;
}

/** Replaces the whole list, at once or not at all. */
export async function replaceEntries(
  database: Database,
  entries: readonly RejectEntry[],
  now: number,
): Promise<void> {
  await database.batch([
    sql`delete from autopkgtest_reject`,
    sql`insert into autopkgtest_reject (package, suite, arch, version, reason, created_at)
        select value ->> 'package', value ->> 'suite', value ->> 'arch',
          value ->> 'version', value ->> 'reason', ${now}
        from json_each(${JSON.stringify(entries)})`,
    revise,
  ]);
}

/** What tells one list from another. */
export function compareEntries(
  before: readonly RejectEntry[],
  after: readonly RejectEntry[],
): ListChange {
  const [old, next] = [before, after].map((entries) =>
    new Map(entries.map((entry) => [entryText(entry), entry.reason]))
  );
  const kept = [...next?.keys() ?? []].filter((text) => old?.has(text));
  const changed = kept.filter((text) => old?.get(text) !== next?.get(text));
  return {
    added: [...next?.keys() ?? []].filter((text) => !old?.has(text)),
    changed,
    removed: [...old?.keys() ?? []].filter((text) => !next?.has(text)),
    unchanged: kept.length - changed.length,
  };
}

function same(
  { package: name, suite, arch, version }: Omit<RejectEntry, "reason">,
) {
  return sql`where package = ${name} and suite = ${suite} and arch = ${arch}
    and version = ${version}`;
}

function toEntry(row: Row): RejectEntry {
  return {
    package: String(row.package),
    suite: String(row.suite),
    arch: String(row.arch),
    version: String(row.version),
    reason: String(row.reason),
  };
}
