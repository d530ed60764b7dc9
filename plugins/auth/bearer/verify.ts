import { errors, jwtVerify } from "jose";
import * as z from "zod";
import { badCredential } from "../../../core/credential.ts";
import type { Permission } from "../../../core/permission.ts";
import { BoundedMap } from "../../../core/bounded_map.ts";
import { parseScope } from "./scope.ts";
import type { HeldKey } from "./signing_key.ts";
import { tokenType } from "./token.ts";
import { hashSecret } from "../../../http/secret_hash.ts";

/** What a token of ours says, once its signature has been checked. */
export type Verified = {
  /** Hash of the token's text. */
  readonly sha256: string;
  readonly jti: string;
  /** Name of the key that signed it. */
  readonly kid: string;
  /** `principalId` of the account. */
  readonly subject: string;
  /** Null: all that its account may do. */
  readonly scope: readonly Permission[] | null;
  /** Epoch ms. */
  readonly expiresAt: number | null;
};

/** Tokens whose signature need not be checked again; about 300 bytes each. */
const maxRemembered = 10_000;

/** The key of a `kid`, or null. */
type FindKey = (
  kid: string | undefined,
) => Promise<Pick<HeldKey, "publicKey"> | null>;

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
  findKey: FindKey;
  issuer: string;
  now: () => number;
}): (token: string) => Promise<Verified> {
  const remembered = new BoundedMap<string, Verified>(maxRemembered);
  return async function verify(token) {
    const sha256 = hashSecret(token);
    const known = remembered.get(sha256);
    const verified = known ?? { sha256, ...await readClaims(token, lent) };
    if (verified.expiresAt !== null && verified.expiresAt <= lent.now()) {
      throw badCredential("the token has expired; make a new one");
    }
    if (!known) remembered.set(sha256, verified);
    return verified;
  };
}

type Lent = { findKey: FindKey; issuer: string; now: () => number };

async function readClaims(
  token: string,
  lent: Lent,
): Promise<Omit<Verified, "sha256">> {
  const { payload, kid } = await readToken(token, lent);
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw foreignToken(claims.error);
  const { jti, sub, exp, scope } = claims.data;
  return {
    jti,
    kid,
    subject: sub,
    scope: scope === undefined ? null : parseScope(scope),
    expiresAt: exp === undefined ? null : exp * 1000,
  };
}

async function readToken(token: string, { findKey, issuer, now }: Lent) {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = await findKey(kid);
        if (key === null) throw new errors.JWKSNoMatchingKey();
        return key.publicKey;
      },
      {
        algorithms: ["EdDSA"],
        typ: tokenType,
        issuer,
        audience: issuer,
        currentDate: new Date(now()),
      },
    );
    return { payload, kid: protectedHeader.kid ?? "" };
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
