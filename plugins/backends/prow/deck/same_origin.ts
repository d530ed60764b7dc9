import { ApiError } from "../../../../core/error.ts";

/**
 * Refuses what a page of another site makes a browser send. A token goes along
 * only where a program puts it, but a browser adds a name and password that it
 * remembers to whatever is asked of it. Programs send neither header.
 *
 * @throws ApiError `forbidden` (Fetch Metadata, RFC 6454).
 */
export function assertSameOrigin(request: Request, baseUrl: string): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own = [baseUrl, request.url].map((url) => new URL(url).origin);
  const isForeign = site === null
    ? origin !== null && !own.includes(origin)
    : site !== "same-origin" && site !== "none";
  if (!isForeign) return;
  throw new ApiError(
    "forbidden",
    `Cannot do this for a page of another site: send it from ${baseUrl} or from a program`,
  );
}
