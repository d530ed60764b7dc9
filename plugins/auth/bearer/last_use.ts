import { createCredentialUse } from "../../../core/credential_use.ts";
import { sql } from "../../../core/database.ts";
import { type RecordUse, useIntervalMs } from "../../../core/last_use.ts";

type Lent = Pick<
  Parameters<typeof createCredentialUse>[0],
  "database" | "now" | "log"
>;

/** Returns a function that records the uses of tokens, of each at most one a minute. */
export function createRecordUse(lent: Lent): RecordUse {
  return createCredentialUse({
    ...lent,
    noun: "a token",
    update: ({ id, at }) =>
      sql`update bearer_token set last_used_at = ${at} where jti = ${id}
          and (last_used_at is null or last_used_at <= ${at - useIntervalMs})`,
  });
}
