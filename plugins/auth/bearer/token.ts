import { SignJWT } from "jose";
import type { Account } from "../../../core/account.ts";
import { nothing, sql, type Statement } from "../../../core/database.ts";
import { sha256Hex } from "../../../core/id.ts";
import type { Limit } from "../../../core/limit.ts";
import type { Permission } from "../../../core/permission.ts";
import { principalId } from "../../../core/principal.ts";
import type { SigningKey } from "./signing_key.ts";

/** Explicit typing, so that no other kind of JWT is taken for a token (RFC 8725, 3.11). */
export const tokenType = "slipway-auto+jwt";

/** `iss` and `aud` unless configured: Slipway makes its tokens for itself. */
export const defaultIssuer = "slipway";

/** What a token is to say. Times are epoch milliseconds. */
export type TokenRequest = {
  readonly key: Pick<SigningKey, "kid" | "privateKey">;
  readonly issuer: string;
  readonly account: Pick<Account, "id" | "kind" | "name">;
  /** A new UUID: the token's public name. */
  readonly jti: string;
  readonly now: number;
  /** Null: it never expires by itself. */
  readonly expiresAt: number | null;
  /** Null: all that its account may do. */
  readonly scopes: readonly Permission[] | null;
  readonly description: string;
  /** What it is narrowed to, beside its account. */
  readonly limits?: readonly Limit[];
  /** Who made it (`principalId`); null or left out: it was made on the server. */
  readonly createdBy?: string | null;
  /** Id of a token whose row names this one as its successor; without that nothing is written. */
  readonly replaces?: string;
};

/** Signs a token. It is valid once `insert` has been written, and only while that row is live. */
export async function issueToken(
  request: TokenRequest,
): Promise<{ token: string; insert: Statement }> {
  const token = await sign(request);
  const { jti, account, key, description, now, expiresAt, replaces } = request;
  const scopes = request.scopes?.join(" ") ?? null;
  const limits = request.limits?.length ? JSON.stringify(request.limits) : null;
  const condition = replaces === undefined ? nothing : sql`
      where exists (select 1 from bearer_token
        where jti = ${replaces} and replaced_by = ${jti})`;
  return {
    token,
    insert: sql`
      insert into bearer_token
        (jti, account, sha256, scopes, description, created_at, expires_at,
          kid, limits, created_by)
      select ${jti}, ${account.id}, ${await sha256Hex(token)}, ${scopes},
        ${description}, ${now}, ${expiresAt}, ${key.kid}, ${limits},
        ${request.createdBy ?? null}${condition}`,
  };
}

function sign(request: TokenRequest): Promise<string> {
  const claims = request.scopes ? { scope: request.scopes.join(" ") } : {};
  const jwt = new SignJWT(claims)
    .setProtectedHeader({
      alg: "EdDSA",
      typ: tokenType,
      kid: request.key.kid,
    })
    .setIssuer(request.issuer)
    .setAudience(request.issuer)
    .setSubject(principalId(request.account))
    .setJti(request.jti)
    .setIssuedAt(toSeconds(request.now));
  if (request.expiresAt !== null) {
    jwt.setExpirationTime(toSeconds(request.expiresAt));
  }
  return jwt.sign(request.key.privateKey);
}

function toSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
