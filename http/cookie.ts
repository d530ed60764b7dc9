import { generateCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";

/**
 * The cookie of a browser's session. `__Host-`: browsers take it from this very
 * host alone, over TLS, for all paths (RFC 6265bis, 4.1.3).
 */
export const sessionCookie = "__Host-slipway";

/** Reads a cookie that a browser sent; null when it did not. */
export function readCookie(request: Request, name: string): string | null {
  const header = request.headers.get("cookie");
  if (header === null || !header.includes(name)) return null;
  return parse(header, name)[name] ?? null;
}

/**
 * `Set-Cookie` for a `__Host-` cookie that no script reads and that other sites'
 * pages do not send, but for links. Without `maxAgeSeconds` it goes with the browser; 0 takes it away.
 */
export function hostCookie(
  name: `__Host-${string}`,
  value: string,
  maxAgeSeconds?: number,
): string {
  return generateCookie(name, value, {
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Lax",
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  });
}
