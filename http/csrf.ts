import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { sha256 } from "@noble/hashes/sha2.js";
import { ApiError } from "../core/error.ts";
import { readCookie, sessionCookie } from "./cookie.ts";

/**
 * Tokens in the forms of our pages, beside the check of where a request comes
 * from: whoever cannot read the page cannot send its form. A token is a hash of
 * the cookie that it belongs to; nothing is stored, and it ends with the cookie.
 * Pages are compressed and repeat what was asked for, so no two have the same
 * token: else it could be guessed by how long they are (BREACH).
 * @module
 */

/** Name of the form field. */
export const csrfFieldName = "csrf_token";

/** A token that belongs to a cookie's value: 32 hexadecimal digits of chance, and the hash of both. */
export function csrfToken(
  cookie: string,
  chance: string = crypto.getRandomValues(new Uint8Array(16)).toHex(),
): string {
  return chance + digest(`slipway form\n${chance}\n${cookie}`).toHex();
}

/** A hidden field with the token of a cookie that the browser has or is given with the page. */
export function csrfField(
  cookie: string,
): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<input type="hidden" name="${csrfFieldName}" value="${
    csrfToken(cookie)
  }">`;
}

/**
 * Refuses a form whose token is not of the request's cookie. A request without
 * this cookie is not signed in by it, and so is nobody's to forge.
 *
 * @throws ApiError `forbidden`.
 */
export function assertCsrf(
  request: Request,
  fields: { get(name: string): string | null },
  name: string = sessionCookie,
): void {
  const cookie = readCookie(request, name);
  if (cookie === null) return;
  const given = fields.get(csrfFieldName) ?? "";
  // Hashed, since they must be of one length.
  const right = csrfToken(cookie, given.slice(0, 32));
  if (timingSafeEqual(digest(given), digest(right))) return;
  throw new ApiError(
    "forbidden",
    "Cannot take this form: it is not of a page that was made for you, or you have signed in or out since; load the page again",
  );
}

function digest(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}
