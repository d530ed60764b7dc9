import { errors, type JWTPayload, jwtVerify } from "jose";
import { badCredential } from "../../../core/credential.ts";
import { type Person, readPerson } from "./claims.ts";
import type { Issuer } from "./options.ts";
import type { Provider } from "./provider.ts";

/** Groups make tokens long; nothing longer is read. */
const maxLength = 16_384;

/** Types of a JWT that is an access token (RFC 9068, 2.1) or does not say what it is. */
const types: readonly (string | undefined)[] = [
  undefined,
  "jwt",
  "at+jwt",
  "application/at+jwt",
];

/** The JWT of an `Authorization` header as it is when nothing went wrong on its way; null for all else. */
export function readJwt(header: string | null): string | null {
  const token = /^bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header ?? "")?.[1];
  return token !== undefined && token.length <= maxLength ? token : null;
}

/**
 * Who a token claims to be from, which nothing vouches for yet; null when it does
 * not say. Tokens of other schemes come by here on each request, so it is quick:
 * bytes are taken for characters, which an ASCII issuer does not notice.
 */
export function claimedIssuer(token: string): string | null {
  const [, payload = ""] = token.split(".", 2);
  try {
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const claims = JSON.parse(text);
    return typeof claims?.iss === "string" ? claims.iss : null;
  } catch {
    return null;
  }
}

/**
 * Checks a token of an issuer and says whose it is.
 *
 * @throws ApiError `unauthenticated`, or `unavailable` when its keys cannot be had.
 */
export async function verifyToken(
  token: string,
  issuer: Issuer,
  audience: string,
  provider: Provider,
  now: number,
): Promise<Person> {
  const { payload, protectedHeader } = await verify(
    token,
    issuer,
    audience,
    provider,
    now,
  );
  const fault = typeFault(protectedHeader.typ, payload, issuer);
  if (fault !== null) throw badCredential(fault);
  const { sub } = payload;
  if (sub === undefined || sub === "" || sub.length > 255) {
    throw badCredential(
      "the token does not say whose it is: its sub must be a text of 1 to 255 characters",
    );
  }
  return readPerson(payload, sub, issuer);
}

async function verify(
  token: string,
  issuer: Issuer,
  audience: string,
  provider: Provider,
  now: number,
) {
  try {
    return await jwtVerify(
      token,
      (header, input) => provider.findKey(header, input),
      {
        algorithms: [...issuer.algorithms],
        issuer: issuer.issuer,
        audience,
        requiredClaims: ["exp", "sub"],
        clockTolerance: issuer.clockToleranceSeconds,
        currentDate: new Date(now),
      },
    );
  } catch (error) {
    if (error instanceof errors.JOSEError) {
      throw badCredential(tokenFault(error, issuer), { cause: error });
    }
    throw error;
  }
}

/** Claims are looked at once the signature is known to be good: there is nothing to hide about them. */
function tokenFault(error: errors.JOSEError, { issuer }: Issuer): string {
  if (error instanceof errors.JWTExpired) {
    return `the token has expired; get a new one from ${issuer}`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `the token is of ${issuer} but not for this server: its claim ${error.claim} is wrong or missing`;
  }
  return `the token says that it is of ${issuer}, but was not signed by it, or was changed on its way here`;
}

/**
 * Why a token that is well signed is none to be sent here. An ID token is for the
 * client that asked for it, which must not use it to ask others (RFC 9068, 2.2, 5);
 * a bound one is worth nothing without the proof that goes with it (RFC 7800).
 */
function typeFault(
  typ: string | undefined,
  payload: JWTPayload,
  { acceptIdTokens }: Issuer,
): string | null {
  const kind = typeof payload.typ === "string" ? payload.typ : "Bearer";
  const isIdToken = kind === "ID" ||
    ["nonce", "at_hash", "c_hash"].some((claim) =>
      Object.hasOwn(payload, claim)
    );
  if (isIdToken && !acceptIdTokens) {
    return "this is an ID token, which is for the application that asked for it; send an access token for this server";
  }
  if (!types.includes(typ?.toLowerCase()) || !["Bearer", "ID"].includes(kind)) {
    return "the token is of a kind that signs nobody in; send an access token";
  }
  return payload.cnf === undefined
    ? null
    : "the token is bound to a key or certificate, which is not checked here; send one that is not bound";
}
