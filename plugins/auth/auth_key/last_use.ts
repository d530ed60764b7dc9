import { type Database, sql } from "../../../core/database.ts";
import {
  createRecordUse as createRecorder,
  type RecordUse,
  useIntervalMs,
} from "../../../core/last_use.ts";
import type { Log } from "../../../core/log.ts";

/** Returns a function that records the uses of keys, of each at most one a minute. */
export function createRecordUse(
  { database, now, log }: {
    readonly database: Database;
    readonly now: () => number;
    readonly log: Log;
  },
): RecordUse {
  return createRecorder({
    now,
    write: (uses) =>
      database.batch(uses.map(({ id, at }) =>
        sql`
        update auth_key_key set last_used_at = ${at} where id = ${id}
        and (last_used_at is null or last_used_at <= ${at - useIntervalMs})`
      )),
    failed: (uses, cause) =>
      log("warn", "Cannot record the last use of an Auth-Key", {
        keys: uses.map(({ id }) => id),
        cause: String(cause),
      }),
  });
}
