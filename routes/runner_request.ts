import type { Context } from "hono";
import { ApiError, type Known } from "../core/error.ts";
import type { Fence } from "../db/attempt_store.ts";

/** The token that a runner sends; empty without one. */
export function bearer(c: Context): string {
  return /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
}

/** The attempt that a request speaks for. */
export function fence(c: Context): Fence {
  return { runId: c.req.param("id") ?? "", attemptToken: bearer(c) };
}

/** A runner whose token is not one. */
export function unknownToken(what: string, known?: Known): ApiError {
  return new ApiError(
    "unauthenticated",
    `Cannot accept the request: it needs a valid ${what} as Authorization: Bearer`,
    { headers: { "www-authenticate": 'Bearer realm="slipway"' }, known },
  );
}

/** The attempt is not the live one (any more). */
export function staleAttempt(): ApiError {
  return new ApiError(
    "stale_attempt",
    "Cannot change the run: this attempt is no longer the live one; stop its work",
  );
}

/**
 * Where a chunk of log belongs.
 *
 * @throws ApiError `invalid` when `Content-Range` does not say it.
 */
export function readOffset(
  contentRange: string | undefined,
): { start: number; length: number } {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/\*$/.exec(contentRange ?? "");
  const start = Number(match?.[1]);
  const last = Number(match?.[2]);
  if (match && last >= start) return { start, length: last - start + 1 };
  throw new ApiError(
    "invalid",
    "Cannot append to the log: Content-Range must be `bytes FIRST-LAST/*`",
  );
}

/** The SHA-256 that a body is announced with, as hex. */
export function readDigest(
  contentDigest: string | undefined,
): string | undefined {
  if (contentDigest === undefined) return undefined;
  const base64 = /(?:^|,\s*)sha-256=:([A-Za-z0-9+/]{43}=):/.exec(contentDigest)
    ?.[1];
  if (base64 !== undefined) return Uint8Array.fromBase64(base64).toHex();
  throw new ApiError(
    "invalid",
    "Cannot keep the file: Content-Digest must be `sha-256=:BASE64:`",
  );
}
