import { ApiError, type Known } from "../core/error.ts";

/** Methods that change nothing (RFC 9110, 9.2.1). */
const safeMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Refuses a change that another site's page asks for with a credential that
 * the browser adds by itself. Browsers say where a request comes from; other
 * clients send neither header. `known` is whose credential it is, for the audit.
 *
 * @throws ApiError `forbidden`.
 */
export function assertSameOrigin(
  request: Request,
  baseUrl: string,
  known?: Known,
): void {
  if (safeMethods.includes(request.method)) return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isOwnSite = site === null || site === "same-origin" || site === "none";
  const isOwnOrigin = origin === null ||
    [baseUrl, request.url].some((url) => new URL(url).origin === origin) ||
    // Behind a proxy that ends TLS our own URL has another scheme than the page's; the browser knows better.
    site === "same-origin" && hostOf(origin) === new URL(request.url).host;
  if (isOwnSite && isOwnOrigin) return;
  throw new ApiError(
    "forbidden",
    `Cannot do this for a page of ${
      origin ?? "another site"
    }: a session or password that the browser sends by itself counts for Slipway's own pages only; use a token`,
    { known },
  );
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
