/**
 * Whether a request may be signed in by a cookie: it is of our own pages, of
 * somebody's typing, of a program, or a link that is followed from elsewhere.
 * Other sites' images, frames, scripts and CORS requests are strangers (Fetch
 * Metadata); where a change comes from is checked for every ambient credential.
 */
export function isOfOwnPage({ method, headers }: Request): boolean {
  const isReading = method === "GET" || method === "HEAD";
  const site = headers.get("sec-fetch-site");
  switch (site) {
    case "same-origin":
    case "none":
      return true;
    case null:
      // Browsers that do not say put `Origin` on a GET only when another site's script asks.
      return !isReading || !headers.has("origin");
    default:
      return isReading && headers.get("sec-fetch-mode") === "navigate" &&
        headers.get("sec-fetch-dest") === "document";
  }
}
