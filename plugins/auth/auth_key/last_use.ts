import { createCredentialUse } from "../../../core/credential_use.ts";
import { sql } from "../../../core/database.ts";
import { type RecordUse, useIntervalMs } from "../../../core/last_use.ts";

type Lent = Pick<
  Parameters<typeof createCredentialUse>[0],
  "database" | "now" | "log"
>;

/** Returns a function that records the uses of keys, of each at most one a minute. */
export function createRecordUse(lent: Lent): RecordUse {
  return createCredentialUse({
    ...lent,
    noun: "an Auth-Key",
    update: ({ id, at }) =>
      sql`update auth_key_key set last_used_at = ${at} where id = ${id}
          and (last_used_at is null or last_used_at <= ${at - useIntervalMs})`,
  });
}
