/** A `file:` URL as a path. */
export function fromFileUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** The repository's folder, without a final slash. */
export const root = fromFileUrl(new URL("..", import.meta.url).href).replace(
  /\/$/,
  "",
);
