import type { Child } from "hono/jsx";
import { assetPath } from "./assets.ts";
import type { Principal } from "../core/principal.ts";
import { Name } from "./text.tsx";

/** What surrounds every page. */
export type Frame = {
  readonly title: string;
  /** Path of the page's own, for the sign-in link and the place in the menu. */
  readonly path: string;
  readonly reader: Principal | null;
  readonly children?: Child;
  /** Names of scripts. */
  readonly scripts?: readonly Parameters<typeof assetPath>[0][];
  readonly styles?: readonly Parameters<typeof assetPath>[0][];
  /** Without script the page is loaded anew after this long. */
  readonly refreshSeconds?: number;
};

const menu = [
  ["/", "Overview"],
  ["/runs", "Runs"],
  ["/docs", "API"],
] as const;

/** A page. */
export function Layout(
  { title, path, reader, children, scripts = [], styles = [], refreshSeconds }:
    Frame,
) {
  const pathname = path.split("?")[0] ?? path;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title} · Slipway</title>
        {[...styles, "style.css" as const].map((name) => (
          <link rel="stylesheet" href={assetPath(name)} />
        ))}
        <link rel="icon" href={assetPath("icon.svg")} type="image/svg+xml" />
        {refreshSeconds && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
        {/* The library is none that could be a module. Both kinds run in this order, after the page. */}
        {scripts.map((name) => (
          <script
            src={assetPath(name)}
            type={name === "swagger-ui.js" ? undefined : "module"}
            defer
          >
          </script>
        ))}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <a class="brand" href="/">Slipway</a>
          <nav aria-label="Main">
            {menu.map(([href, name]) => (
              <a
                href={href}
                aria-current={pathname === href ? "page" : undefined}
              >
                {name}
              </a>
            ))}
          </nav>
          <span class="who">
            {reader === null
              ? (
                <a href={`/login?return_to=${encodeURIComponent(path)}`}>
                  Sign in
                </a>
              )
              : (
                <>
                  <Name text={reader.name} /> <a href="/logout">Sign out</a>
                </>
              )}
          </span>
        </header>
        <main id="main">{children}</main>
      </body>
    </html>
  );
}
