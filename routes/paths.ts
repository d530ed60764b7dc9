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
 * spelling; other requests stay as they are. A request whose URL cannot be read
 * (a broken `Host`) is refused here, since nothing after could name its path.
 */
export function tolerate(
  backends: readonly Backend[],
  request: Request,
): Request | Response {
  let url: URL;
  try {
    url = new URL(request.url);
  } catch {
    return new Response(
      "Cannot read the request: its Host or path is not a valid URL\n",
      { status: 400 },
    );
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
