import { errors, jwtVerify } from "jose";
import * as z from "zod";
import { badCredential } from "../../../core/credential.ts";
import { sha256Hex } from "../../../core/id.ts";
import type { Permission } from "../../../core/permission.ts";
import { BoundedMap } from "../../../core/bounded_map.ts";
import { parseScope } from "./scope.ts";
import { tokenType } from "./token.ts";

/** What a token of ours says, once its signature has been checked. */
export type Verified = {
  /** Hash of the token's text. */
  readonly sha256: string;
  readonly jti: string;
  /** `principalId` of the account. */
  readonly subject: string;
  /** Null: all that its account may do. */
  readonly scope: readonly Permission[] | null;
  /** Epoch ms. */
  readonly expiresAt: number | null;
};

/** A public key that tokens may be signed with. */
export type HeldKey = { readonly kid: string; readonly publicKey: CryptoKey };

/** Tokens whose signature need not be checked again; about 300 bytes each. */
const maxRemembered = 10_000;

const claimsSchema = z.object({
  jti: z.uuid(),
  sub: z.string(),
  iat: z.int(),
  exp: z.int().optional(),
  scope: z.string().optional(),
});

/**
 * Returns a function that checks a token's form, signature and claims, and
 * remembers those that passed; whether the token is still live is for its row to say.
 * It throws ApiError `unauthenticated`, and never asks anybody for a key: only
 * held ones count, whatever the header offers (`jwk`, `jku`, `x5u`; RFC 8725, 3.10).
 */
export function createVerify(lent: {
  keys: () => Promise<readonly HeldKey[]>;
  issuer: string;
  now: () => number;
}): (token: string) => Promise<Verified> {
  const remembered = new BoundedMap<string, Verified>(maxRemembered);
  return async function verify(token) {
    const sha256 = await sha256Hex(token);
    const known = remembered.get(sha256);
    const verified = known ??
      { sha256, ...await readClaims(token, await lent.keys(), lent) };
    if (verified.expiresAt !== null && verified.expiresAt <= lent.now()) {
      throw badCredential("the token has expired; make a new one");
    }
    if (!known) remembered.set(sha256, verified);
    return verified;
  };
}

async function readClaims(
  token: string,
  keys: readonly HeldKey[],
  lent: { issuer: string; now: () => number },
): Promise<Omit<Verified, "sha256">> {
  const claims = claimsSchema.safeParse(await readPayload(token, keys, lent));
  if (!claims.success) throw foreignToken(claims.error);
  const { jti, sub, exp, scope } = claims.data;
  return {
    jti,
    subject: sub,
    scope: scope === undefined ? null : parseScope(scope),
    expiresAt: exp === undefined ? null : exp * 1000,
  };
}

async function readPayload(
  token: string,
  keys: readonly HeldKey[],
  lent: { issuer: string; now: () => number },
): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => {
      const key = keys.find((held) => held.kid === kid);
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key.publicKey;
    }, {
      algorithms: ["EdDSA"],
      typ: tokenType,
      issuer: lent.issuer,
      audience: lent.issuer,
      currentDate: new Date(lent.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw badCredential("the token has expired; make a new one");
    }
    if (error instanceof errors.JOSEError) throw foreignToken(error);
    throw error;
  }
}

/** One text for all forgeries: it tells an honest caller enough, and an attacker nothing. */
function foreignToken(cause: unknown) {
  return badCredential(
    "the token was not made by this server, or was changed on its way here; copy it again, or make a new one",
    { cause },
  );
}
