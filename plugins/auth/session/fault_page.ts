import { ApiError } from "../../../core/error.ts";
import type { Log } from "../../../core/log.ts";
import { html } from "hono/html";
import { faultLine, page, pageHeaders } from "./page.ts";

/**
 * A refusal as a page for people. With the challenges of other schemes the
 * browser would ask for a password itself, so there is our own alone.
 */
export async function faultPage(error: ApiError): Promise<Response> {
  const body = html`${faultLine(error.message)}
<p><a href="/login">Sign in</a></p>`;
  return new Response(await page("Not signed in", body), {
    status: error.status,
    headers: faultHeaders(error),
  });
}

/** Headers of a page that tells of a refusal. */
export function faultHeaders(error: ApiError): Headers {
  const headers = new Headers({ ...error.options.headers, ...pageHeaders });
  if (error.code === "unauthenticated") {
    headers.set("www-authenticate", 'Session realm="slipway"');
  } else headers.delete("www-authenticate");
  return headers;
}

/** Answers refusals as pages. Those with a cause are logged: people are told what to do, operators why. */
export async function orFaultPage(
  log: Log,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { cause } = error.options;
    if (cause !== undefined) {
      const level = error.status >= 500 ? "error" : "info";
      log(level, error.message, { cause: String(cause) });
    }
    return await faultPage(error);
  }
}
