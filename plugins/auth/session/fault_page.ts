import { ApiError } from "../../../core/error.ts";
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

/** Answers refusals as pages; what is not one is logged as anywhere. */
export async function orFaultPage(
  log: (error: ApiError) => void,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status >= 500) log(error);
    return await faultPage(error);
  }
}
