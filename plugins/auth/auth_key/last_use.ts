import { BoundedMap } from "../../../core/bounded_map.ts";
import { type Database, sql } from "../../../core/database.ts";
import type { Log } from "../../../core/log.ts";
import type { KeptKey } from "./key.ts";

/** A use within this time after a recorded one is not recorded. */
const intervalMs = 60_000;

/** Keys whose last record this process remembers; about 100 bytes each. */
const maxRemembered = 10_000;

/** Records that a key was used. It never throws: a store that takes no writes refuses nobody. */
export type RecordUse = (
  key: Pick<KeptKey, "id" | "lastUsedAt">,
) => Promise<void>;

/**
 * Returns a function that records uses, at most once a minute and key. Its own
 * memory keeps requests that come at once, and those after a write that failed,
 * from writing each; the row keeps several servers from it.
 */
export function createRecordUse(
  { database, now, log }: {
    readonly database: Database;
    readonly now: () => number;
    readonly log: Log;
  },
): RecordUse {
  const tried = new BoundedMap<string, number>(maxRemembered);
  return async function recordUse({ id, lastUsedAt }) {
    const at = now();
    const isRecent = (then: number | null) =>
      then !== null && at - then < intervalMs;
    if (isRecent(lastUsedAt) || isRecent(tried.get(id) ?? null)) return;
    tried.set(id, at);
    try {
      await database.batch([sql`
        update auth_key_key set last_used_at = ${at} where id = ${id}
        and (last_used_at is null or last_used_at <= ${at - intervalMs})`]);
    } catch (error) {
      log("warn", "Cannot record the last use of an Auth-Key", {
        key: id,
        cause: String(error),
      });
    }
  };
}
