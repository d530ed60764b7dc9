import { badCredential, pasteFault } from "../../../core/credential.ts";

/** Longer than any token of ours, shorter than what would cost much to refuse. */
const maxLength = 4096;

/** What nearly every header is: nothing in it went wrong on the way. */
const wellFormed = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

/**
 * Reads the token out of an `Authorization` header; null when the header is not
 * about bearer tokens (RFC 6750, 2.1).
 *
 * @throws ApiError `unauthenticated` that says what went wrong in pasting.
 */
export function readBearer(header: string | null): string | null {
  if (header === null) return null;
  const plain = wellFormed.exec(header)?.[1];
  if (plain !== undefined && plain.length <= maxLength) return plain;
  const fault = headerFault(header);
  if (fault !== null) throw badCredential(fault);
  const [scheme = "", token = ""] = header.trim().split(/\s+(.*)/s);
  if (scheme.toLowerCase() !== "bearer") return null;
  const tokenFault = pasteFault("token", token) ?? shapeFault(token);
  if (tokenFault !== null) throw badCredential(tokenFault);
  return token;
}

function headerFault(header: string): string | null {
  if (/^["']\s*bearer\b/i.test(header)) {
    return "the Authorization header begins with a quote; write Authorization: Bearer TOKEN";
  }
  if (/^bearer:/i.test(header)) {
    return "there is a colon after the word Bearer; write Authorization: Bearer TOKEN";
  }
  if (/^bearer\s+["']?bearer\b/i.test(header)) {
    return "the word Bearer is there twice; write Authorization: Bearer TOKEN";
  }
  if (/^["']?eyJ[\w-]*\.[\w-]+\.[\w-]*["']?$/.test(header)) {
    return "the word Bearer is missing before the token; write Authorization: Bearer TOKEN";
  }
  return null;
}

function shapeFault(token: string): string | null {
  if (token.length > maxLength) {
    return "the token is longer than any that this server makes";
  }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token)) {
    return "this is an Auth-Key, not a token; send it in the header Auth-Key";
  }
  if (token.split(".").length !== 3) {
    return "the token is not whole: it must have three parts with dots between them; copy it again";
  }
  return null;
}
