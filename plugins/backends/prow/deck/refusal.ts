import type { ApiError } from "../../../../core/error.ts";

/** Paths of Prow's Deck. */
export const deckPrefixes = [
  "/prowjob",
  "/prowjobs.js",
  "/data.js",
  "/log",
  "/badge.svg",
  "/job-history/",
  "/view/",
  "/storage/",
  "/rerun",
  "/abort",
];

/** Whether a path is Deck's, which refuses in plain words. */
export function isDeckPath(pathname: string): boolean {
  return deckPrefixes.some((prefix) =>
    pathname === prefix ||
    pathname.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`)
  );
}

/** A refusal as Deck's clients read it: the message and a line break. */
export function refuseInWords(
  { message, status, options }: ApiError,
): Response {
  return new Response(`${message}\n`, {
    status,
    headers: {
      ...options.headers,
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    },
  });
}
