import { escapeMarkup } from "../../../http/markup.ts";

/** The style of every page; `styleHash` is what lets it through. */
const style =
  "body{font:16px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em}pre{background:#eee;overflow:auto;padding:.5em 1em}table{border-collapse:collapse}th,td{padding:.2em 1em .2em 0;text-align:left;vertical-align:top}.warning{border-left:.3em solid #c60;padding-left:1em}";

/** SHA-256 of the style, for the page's policy (CSP3, 8.4). */
const styleHash = "sha256-SOrEC8C4gGQV5ngXhNAW0hoh8sTn9eoRcL7fDP61MFI=";

/**
 * A page as HTML; `body` is markup. It loads nothing, runs nothing, is framed
 * by nobody, and its forms go to this server alone.
 */
export function pageReply(
  title: string,
  body: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(
    `<!DOCTYPE html>
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
`,
    {
      headers: {
        "content-type": "text/html;charset=utf-8",
        "content-security-policy":
          `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "x-xss-protection": "1; mode=block",
        ...headers,
      },
    },
  );
}
