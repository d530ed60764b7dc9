import type { AuthContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { type Database, sql } from "../../../core/database.ts";
import type { Limit } from "../../../core/limit.ts";
import { type Principal, principalId } from "../../../core/principal.ts";
import type { KeyRing } from "./key_ring.ts";
import { createRecordUse } from "./last_use.ts";
import { narrow } from "./scope.ts";
import { readLimits } from "./token_store.ts";
import { createVerify, type Verified } from "./verify.ts";

/**
 * Returns a function that says whom an automation token of ours stands for. It
 * throws ApiError `unauthenticated` for any other token.
 */
export function createAutomation(
  { options, database, accounts, now, log }: AuthContext<{ issuer: string }>,
  keys: Pick<KeyRing, "find">,
): (token: string) => Promise<Principal> {
  const verify = createVerify({
    findKey: (kid) => keys.find(kid),
    issuer: options.issuer,
    now,
  });
  const recordUse = createRecordUse({ database, now, log });
  return async function authenticateAutomation(token) {
    const verified = await verify(token);
    const row = await findLiveRow(database, verified, now());
    const account = await accounts.find(row.account);
    if (account === null || principalId(account) !== verified.subject) {
      throw badCredential("the token's account does not exist any more");
    }
    if (account.disabledAt !== null) {
      throw badCredential(`the ${account.kind} of this token is disabled`);
    }
    await recordUse({ id: verified.jti, lastUsedAt: row.lastUsedAt });
    return {
      kind: account.kind,
      account: account.id,
      name: account.name,
      permissions: verified.scope === null
        ? account.permissions
        : narrow(account.permissions, verified.scope),
      limits: [...account.limits, ...row.limits],
      via: "bearer",
      credential: verified.jti,
    };
  };
}

type LiveRow = {
  readonly account: number;
  readonly limits: readonly Limit[];
  readonly lastUsedAt: number | null;
};

/** The token's row, and the state of its key. It is read for every request: revoking works at once, everywhere. */
async function findLiveRow(
  database: Database,
  { jti, kid, sha256 }: Verified,
  now: number,
): Promise<LiveRow> {
  const [row] = await database.query(sql`
    select account, limits, expires_at, revoked_at, last_used_at,
      (select retired_at from bearer_key where kid = ${kid}) as retired_at
    from bearer_token where jti = ${jti} and sha256 = ${sha256}`);
  if (!row) {
    throw badCredential("the token is not known here any more; make a new one");
  }
  if (row.revoked_at !== null) {
    throw badCredential("the token has been revoked; make a new one");
  }
  if (row.retired_at !== null) {
    throw badCredential(
      "the key that signed the token has been retired; make a new one",
    );
  }
  if (row.expires_at !== null && Number(row.expires_at) <= now) {
    throw badCredential("the token has expired; make a new one");
  }
  return {
    account: Number(row.account),
    limits: readLimits(row.limits),
    lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at),
  };
}
