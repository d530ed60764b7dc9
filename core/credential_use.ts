import type { Database, Statement } from "./database.ts";
import { createRecordUse, type RecordUse, type Use } from "./last_use.ts";
import type { Log } from "./log.ts";

/** Returns a function that records the uses of a plugin's credentials in its own table, of each at most one a minute. */
export function createCredentialUse(
  { database, now, log, noun, update }: {
    readonly database: Database;
    readonly now: () => number;
    readonly log: Log;
    /** What the log calls one of them. */
    readonly noun: string;
    /** Sets the last use of one, unless a later one is there. */
    readonly update: (use: Use) => Statement;
  },
): RecordUse {
  return createRecordUse({
    now,
    write: (uses) => database.batch(uses.map(update)),
    failed: (uses, cause) =>
      log("warn", `Cannot record the last use of ${noun}`, {
        credentials: uses.map(({ id }) => id),
        cause: String(cause),
      }),
  });
}
