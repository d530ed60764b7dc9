import type { Account } from "../../../core/account.ts";
import type { Database } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import type { Ids } from "../../../core/id.ts";
import { findKeys, keepKey } from "./key_store.ts";
import type { KeySet } from "./key_set.ts";
import type { SigningKey } from "./signing_key.ts";
import { issueToken, type TokenRequest } from "./token.ts";
import { type KeptToken, replaceToken } from "./token_store.ts";

/** What it takes to make tokens. */
export type Mint = {
  readonly database: Database;
  readonly now: () => number;
  readonly ids: Pick<Ids, "uuid">;
  readonly issuer: string;
  /** The keys as they are now; null: there are none. */
  readonly keys: () => Promise<KeySet | null>;
};

/** A token as it is shown once. Times are epoch ms. */
export type MadeToken = {
  readonly token: string;
  readonly id: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
};

/** What a new token is to be. */
export type Wanted =
  & Pick<TokenRequest, "account" | "expiresAt" | "scopes" | "description">
  & Required<Pick<TokenRequest, "limits" | "createdBy">>;

/**
 * Makes a token, which works from then on.
 *
 * @throws ApiError `conflict` when the server has no key to sign it with.
 */
export async function makeToken(
  mint: Mint,
  wanted: Wanted,
): Promise<MadeToken> {
  const { request, register } = await prepare(mint, wanted);
  const { token, insert } = await issueToken(request);
  await mint.database.batch([register, insert]);
  return toMade(token, request);
}

/**
 * Makes a token that takes another one's place: of the same group, with the same
 * scope and limits. The old one works on until `endsAt`, or until its own end
 * when that is sooner.
 *
 * @throws ApiError `conflict` when the old one is not live any more, or has a live successor.
 */
export async function rotateToken(
  mint: Mint,
  old: KeptToken,
  { account, createdBy, endsAt, expiresAt }: {
    readonly account: Account;
    readonly createdBy: string | null;
    readonly endsAt: number;
    /** Of the new one. */
    readonly expiresAt: number | null;
  },
): Promise<MadeToken> {
  const { scope: scopes, limits, description } = old;
  const { request, register } = await prepare(mint, {
    account,
    scopes,
    limits,
    description,
    createdBy,
    expiresAt,
  });
  const { token, insert } = await issueToken({ ...request, replaces: old.id });
  const { jti: by, now } = request;
  const [replaced] = await mint.database.batch([
    replaceToken({ id: old.id, by, endsAt, now }),
    insert,
    register,
  ]);
  if (replaced?.changes !== 1) {
    throw new ApiError(
      "conflict",
      `Cannot rotate token ${old.id}: it has ended, or was rotated before and its successor${
        old.replacedBy === null ? "" : ` ${old.replacedBy}`
      } is live; rotate or revoke that one, or make a new token`,
    );
  }
  return toMade(token, request);
}

/** When the successor of a token ends, unless told: it lives as long as that one was to live. */
export function renewedExpiry(
  { createdAt, expiresAt }: Pick<KeptToken, "createdAt" | "expiresAt">,
  now: number,
): number | null {
  return expiresAt === null ? null : now + (expiresAt - createdAt);
}

async function prepare(mint: Mint, wanted: Wanted) {
  const now = mint.now();
  const key = await signingKeyOf(mint);
  const { issuer, ids } = mint;
  const request = { ...wanted, key, issuer, jti: ids.uuid(), now };
  return { request, register: keepKey(key, now) };
}

async function signingKeyOf({ database, keys }: Mint): Promise<SigningKey> {
  const set = await keys();
  if (set === null) {
    throw new ApiError(
      "conflict",
      "Cannot make a token: there is no signing key; the operator sets SLIPWAY_SIGNING_KEY",
    );
  }
  const kept = await findKeys(database);
  const isRetired = kept.some(({ kid, retiredAt }) =>
    kid === set.active.kid && retiredAt !== null
  );
  if (isRetired) {
    throw new ApiError(
      "conflict",
      "Cannot make a token: the signing key has been retired; the operator sets SLIPWAY_SIGNING_KEY to the new one",
    );
  }
  return set.active;
}

function toMade(
  token: string,
  { jti, now, expiresAt }: Pick<TokenRequest, "jti" | "now" | "expiresAt">,
): MadeToken {
  return { token, id: jti, createdAt: now, expiresAt };
}
