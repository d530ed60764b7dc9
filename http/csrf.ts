import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { ApiError } from "../core/error.ts";
import { sha256Hex } from "../core/id.ts";
import { readCookie, sessionCookie } from "./cookie.ts";

/**
 * Tokens in the forms of our pages, beside the check of where a request comes
 * from: whoever cannot read the page cannot send its form. A token is a hash of
 * the cookie that it belongs to; nothing is stored, and it ends with the cookie.
 * @module
 */

/** Name of the form field. */
export const csrfFieldName = "csrf_token";

/** The token that belongs to a cookie's value. */
export function csrfToken(cookie: string): Promise<string> {
  return sha256Hex(`slipway form\n${cookie}`);
}

/** A hidden field with the token of a cookie that the browser has or is given with the page. */
export async function csrfField(cookie: string): Promise<HtmlEscapedString> {
  return await html`<input type="hidden" name="${csrfFieldName}" value="${await csrfToken(
    cookie,
  )}">`;
}

/**
 * Refuses a form whose token is not of the request's cookie. A request without
 * this cookie is not signed in by it, and so is nobody's to forge.
 *
 * @throws ApiError `forbidden`.
 */
export async function assertCsrf(
  request: Request,
  fields: URLSearchParams,
  name: string = sessionCookie,
): Promise<void> {
  const cookie = readCookie(request, name);
  if (cookie === null) return;
  const given = fields.get(csrfFieldName) ?? "";
  const token = await csrfToken(cookie);
  // Hashed, since they must be of one length.
  const isSame = timingSafeEqual(await digest(given), await digest(token));
  if (isSame) return;
  throw new ApiError(
    "forbidden",
    "Cannot take this form: it is not of a page that was made for you, or you have signed in or out since; load the page again",
  );
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
