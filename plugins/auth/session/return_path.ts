/** A place on no server, to see where a path leads. */
const nowhere = "http://slipway.invalid";

/**
 * Where to go after signing in: a path of our own as it was asked for, or
 * `home`. Whatever could lead a browser elsewhere counts for nothing.
 */
export function returnPath(asked: string | undefined, home: string): string {
  if (asked === undefined || asked.length > 2000) return home;
  // Browsers take a backslash for a slash, and leave line breaks and tabs out.
  if (!/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(asked)) return home;
  const url = URL.canParse(asked, nowhere) ? new URL(asked, nowhere) : null;
  if (url === null || url.origin !== nowhere) return home;
  if (url.pathname.startsWith("//")) return home;
  return /^\/(login|logout)(\/|$)/.test(url.pathname)
    ? home
    : url.pathname + url.search + url.hash;
}
