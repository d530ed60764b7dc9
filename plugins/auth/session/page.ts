import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** The style of the pages; `styleHash` is what lets it through. */
export const style =
  "body{font:16px/1.5 system-ui,sans-serif;margin:3em auto;max-width:26em;padding:0 1em}label,input,button,.button{display:block;width:100%;box-sizing:border-box;font:inherit}input,button,.button{padding:.5em;margin:.2em 0 1em}button,.button{text-align:center}.fault{border-left:.3em solid #b00;padding-left:.7em}";

/** SHA-256 of the style, for the pages' policy (CSP3, 8.4). */
const styleHash = "sha256-madQuXDbP/ct9iOUcDuLK14Mw6u/6DMrrTM/0g+hdlQ=";

/** Headers of a page: it loads and runs nothing, is framed by nobody, kept by nobody, and tells no other site its URL. */
export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    `default-src 'none'; style-src '${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  // With `no-referrer` browsers would send the forms with `Origin: null`.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

type Markup = HtmlEscapedString | Promise<HtmlEscapedString> | string;

/** A whole page. */
export async function page(title: string, body: Markup): Promise<string> {
  return String(
    await html`
      <!DOCTYPE html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width">
          <title>${title} – Slipway</title>
          <style>${style}</style>
        </head>
        <body>
      <h1>${title}</h1>
      ${body}
        </body>
      </html>
    `,
  );
}

/** What went wrong, above a form. */
export function faultLine(fault: string | null): Markup {
  return fault === null ? "" : html`<p class="fault" role="alert">${fault}</p>`;
}

/** The form for name and password. */
export function passwordForm(
  { csrf, returnTo, name }: { csrf: Markup; returnTo: string; name: string },
): Markup {
  return html`<form method="post" action="/login">
${csrf}
<input type="hidden" name="return_to" value="${returnTo}">
<label for="name">Name</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>`;
}

/** Where else one signs in. */
export function remoteLinks(
  remotes: readonly { readonly id: string; readonly label: string }[],
  returnTo: string,
): Markup {
  const query = (id: string) =>
    new URLSearchParams({ with: id, return_to: returnTo }).toString();
  return html`${
    remotes.map(({ id, label }) =>
      html`<p><a class="button" href="/login/start?${
        query(id)
      }">Sign in with ${label}</a></p>`
    )
  }`;
}

/** The button that signs out. */
export function logoutForm(who: string, csrf: Markup): Markup {
  return html`<p>You are signed in as <strong>${who}</strong>.</p>
<form method="post" action="/logout">
${csrf}
<button>Sign out</button>
</form>`;
}
