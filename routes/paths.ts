import type { Backend, Dialect } from "../core/backend.ts";

/** The dialect that a path belongs to; null for the native API. */
export function findDialect(
  backends: readonly Backend[],
  pathname: string,
): Dialect | null {
  return backends.find(({ dialect }) => speaks(dialect, pathname))?.dialect ??
    null;
}

/**
 * The request with a path that some dialect tolerates brought into its declared
 * spelling; other requests stay as they are. Null for a request whose URL cannot
 * be read (a broken `Host`).
 */
export function tolerate(
  backends: readonly Backend[],
  request: Request,
): Request | null {
  let url: URL;
  try {
    // The server makes the URL when it is first asked for.
    url = new URL(request.url);
  } catch {
    return null;
  }
  for (const { dialect } of backends) {
    const pathname = dialect.normalisePath?.(url.pathname) ?? url.pathname;
    if (pathname === url.pathname || !speaks(dialect, pathname)) continue;
    url.pathname = pathname;
    return new Request(url, request);
  }
  return request;
}

function speaks(dialect: Dialect, pathname: string): boolean {
  return dialect.prefixes.some((prefix) =>
    pathname === prefix ||
    pathname.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`)
  );
}
