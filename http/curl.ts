import type { Json } from "../core/json.ts";
import type { ShownRequest } from "../core/shown_request.ts";

const credentials = {
  bearer: '-H "Authorization: Bearer $TOKEN"',
  "auth-key": '-H "Auth-Key: $KEY"',
} as const;

/**
 * The command that sends a request: for any POSIX shell, of printable ASCII
 * alone, so that nothing in it steers a terminal that it is pasted into.
 * `origin` is the server's public URL without a final slash.
 */
export function toCurl(
  { path, credential, accept, body }: ShownRequest,
  origin: string,
): string {
  const url = `${origin}/${path.map(encodeWord).join("/")}`;
  return [
    // Without -g curl reads brackets in a URL as a range.
    "curl -gsS -X POST",
    credentials[credential],
    ...accept === undefined ? [] : [`-H ${shellQuote(`Accept: ${accept}`)}`],
    ...bodyWords(body),
    shellQuote(url),
  ].join(" \\\n  ");
}

/** A text as one word of a POSIX shell: everything between single quotes stands for itself (POSIX 2.2.2). */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `--data-raw`, since the others take a leading `@` for a file. */
function bodyWords(body: ShownRequest["body"]): string[] {
  switch (body.kind) {
    case "json":
      return [
        "-H 'Content-Type: application/json'",
        `--data-raw ${shellQuote(asciiJson(body.value))}`,
      ];
    case "form": {
      const fields = body.fields.map(([name, value]) =>
        `${encodeWord(name)}=${encodeWord(value)}`
      );
      return [`--data-raw ${shellQuote(fields.join("&"))}`];
    }
    default:
      return body satisfies never;
  }
}

/** JSON may write every character as `\uXXXX` (RFC 8259, 7). */
function asciiJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function encodeWord(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
