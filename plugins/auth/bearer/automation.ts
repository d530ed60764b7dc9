import type { AuthContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { type Row, sql, type Statement } from "../../../core/database.ts";
import type { Known } from "../../../core/error.ts";
import type { Permission } from "../../../core/permission.ts";
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
  const narrowOnce = createNarrow();
  return async function authenticateAutomation(token) {
    const verified = await verify(token);
    const found = await accounts.findBy(selectToken(verified));
    if (found === null) {
      throw badCredential(
        "the token is not known here any more; make a new one",
      );
    }
    const { row, account } = found;
    const known = {
      principal: principalId(account),
      credential: verified.jti,
    };
    requireLive(row, now(), known);
    if (principalId(account) !== verified.subject) {
      throw badCredential("the token's account does not exist any more");
    }
    if (account.disabledAt !== null) {
      throw badCredential(`the ${account.kind} of this token is disabled`, {
        known,
      });
    }
    await recordUse({ id: verified.jti, lastUsedAt: toTime(row.last_used_at) });
    return {
      kind: account.kind,
      account: account.id,
      name: account.name,
      permissions: verified.scope === null
        ? account.permissions
        : narrowOnce(account.permissions, verified.scope),
      limits: [...account.limits, ...readLimits(row.limits)],
      via: "bearer",
      credential: verified.jti,
    };
  };
}

/** The token's row, and the state of its key. It is read for every request: revoking works at once, everywhere. */
function selectToken({ jti, kid, sha256 }: Verified): Statement {
  return sql`
    select account, limits, expires_at, revoked_at, last_used_at,
      (select retired_at from bearer_key where kid = ${kid}) as retired_at
    from bearer_token where jti = ${jti} and sha256 = ${sha256}`;
}

/** Whoever uses a token that has ended is told why, and the audit tells whose it was. */
function requireLive(row: Row, now: number, known: Known): void {
  const fault = endOf(row, now);
  if (fault !== null) throw badCredential(fault, { known });
}

function endOf(row: Row, now: number): string | null {
  if (row.revoked_at !== null) {
    return "the token has been revoked; make a new one";
  }
  if (row.retired_at !== null) {
    return "the key that signed the token has been retired; make a new one";
  }
  return row.expires_at !== null && Number(row.expires_at) <= now
    ? "the token has expired; make a new one"
    : null;
}

function toTime(value: Row[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Remembers what a scope makes of permissions, as long as both are remembered themselves. */
function createNarrow() {
  const known = new WeakMap<
    readonly Permission[],
    WeakMap<readonly Permission[], readonly Permission[]>
  >();
  return function narrowOnce(
    granted: readonly Permission[],
    scope: readonly Permission[],
  ): readonly Permission[] {
    const byScope = known.get(granted) ?? new WeakMap();
    known.set(granted, byScope);
    const both = byScope.get(scope) ?? narrow(granted, scope);
    byScope.set(scope, both);
    return both;
  };
}
