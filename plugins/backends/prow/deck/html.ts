import { escapeMarkup } from "../../../../http/markup.ts";

/** The style of every page; `styleHash` is what lets it through. */
const style =
  "body{font:16px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em}table{border-collapse:collapse}th,td{padding:.2em 1em .2em 0;text-align:left}";

/** SHA-256 of the style, for the page's policy (CSP3, 8.4). */
const styleHash = "sha256-tQr1xxpTRecDIX5NJqy6eRPDIWErDf53Rt/IPqaM7Kk=";

/** Headers of a page: it loads nothing, runs nothing, and is framed by nobody. */
export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "referrer-policy": "same-origin",
} as const;

/** A page; `body` is markup. */
export function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
${body}
</body>
</html>
`;
}

/** A link, or its text alone where there is nowhere to go that is safe. */
export function link(href: string, text: string): string {
  const isSafe = /^(https?:\/)?\/[^\\]*$/.test(href);
  if (!isSafe) return escapeMarkup(text);
  return `<a href="${escapeMarkup(href)}">${escapeMarkup(text)}</a>`;
}

/** A row of a table; cells are markup. */
export function row(...cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

/**
 * JSON as it may stand in a script of a page: nothing in it ends the script,
 * and no `;` in a text looks like the end of the statement to those who cut
 * it out.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&;\u2028\u2029]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
