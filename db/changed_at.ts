import { sql, type Statement } from "../core/database.ts";

/**
 * When a row of `run` that is written now (epoch ms) changes: now, but never
 * before a change that its owner may have seen already. Writes are one after
 * the other, so who has seen all changes up to some moment misses none by asking
 * for those since that moment, whatever the servers' clocks say.
 */
export function changedAt(now: number): Statement {
  return lastChangeOr(now, sql`run.backend`, sql`run.owner`);
}

/** As `changedAt`, for runs that are made now. */
export function madeAt(now: number, backend: string, owner: number): Statement {
  return lastChangeOr(now, sql`${backend}`, sql`${owner}`);
}

function lastChangeOr(
  now: number,
  backend: Statement,
  owner: Statement,
): Statement {
  return sql`max(${now}, coalesce((
    select max(seen.updated_at) from run as seen indexed by run_by_owner
    where seen.backend = ${backend} and seen.owner = ${owner}
  ), 0))`;
}
