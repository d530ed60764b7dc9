import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { AppEnv } from "../../core/app_env.ts";
import type { Menu, MenuEntry } from "../../core/menu.ts";
import { allows } from "../../core/permission.ts";
import type { Principal } from "../../core/principal.ts";
import { readCookie, sessionCookie } from "../../http/cookie.ts";
import { assetPath } from "../assets.ts";
import { PostForm } from "./form.tsx";
import { readerOf } from "./page_route.ts";
import { Name } from "./text.tsx";

/** What surrounds every page. */
export type Frame = {
  readonly title: string;
  readonly children?: Child;
  /** Names of scripts. */
  readonly scripts?: readonly Parameters<typeof assetPath>[0][];
  readonly styles?: readonly Parameters<typeof assetPath>[0][];
  /** Without script the page is loaded anew after this long. */
  readonly refreshSeconds?: number;
};

/** A page. */
export function Layout(
  { c, title, children, scripts = [], styles = [], refreshSeconds }: Frame & {
    readonly c: Context<AppEnv>;
  },
) {
  const reader = readerOf(c);
  const menu = c.var.menu.filter(({ permission }) =>
    permission === undefined || reader !== null &&
      allows(reader.permissions, permission)
  );
  const here = c.req.path;
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
        {scripts.map((name) => (
          <script src={assetPath(name)} type="module"></script>
        ))}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <a class="brand" href="/">Slipway</a>
          <nav aria-label="Main">
            <MenuLinks menu={menu} place="main" here={here} />
          </nav>
          <Who reader={reader} menu={menu} c={c} />
        </header>
        <SideMenu menu={menu} here={here} />
        <main id="main">{children}</main>
      </body>
    </html>
  );
}

function Who(
  { c, reader, menu }: {
    c: Context<AppEnv>;
    reader: Principal | null;
    menu: Menu;
  },
) {
  if (reader === null) {
    return (
      <span class="who">
        <a href={loginPath(c)} aria-current={current("/login", c.req.path)}>
          Sign in
        </a>
      </span>
    );
  }
  return (
    <span class="who">
      {menu.some(({ place }) => place === "admin") && (
        <a href="/admin" aria-current={current("/admin", c.req.path)}>Admin</a>
      )}{" "}
      <a href="/account" aria-current={current("/account", c.req.path)}>
        <Name text={reader.name} />
      </a>{" "}
      {/* Whoever came without a session has none to end. */}
      {readCookie(c.req.raw, sessionCookie) !== null && (
        <PostForm c={c} action="/logout">
          <button type="submit" class="plain">Sign out</button>
        </PostForm>
      )}
    </span>
  );
}

/** The sign-in page, which leads back to this one; itself where it is this one. */
function loginPath(c: Context<AppEnv>): string {
  const path = pathOf(c);
  return isWithin("/login", c.req.path)
    ? path
    : `/login?return_to=${encodeURIComponent(path)}`;
}

/** The pages beside this one, on those of the account and of the administration. */
function SideMenu({ menu, here }: { menu: Menu; here: string }) {
  const place = menu.find((entry) =>
    entry.place !== "main" && isWithin(entry.path, here)
  )?.place;
  const named = place ??
    (["account", "admin"] as const).find((each) => isWithin(`/${each}`, here));
  if (named === undefined) return null;
  return (
    <nav class="side" aria-label={named === "admin" ? "Admin" : "Account"}>
      <MenuLinks menu={menu} place={named} here={here} />
    </nav>
  );
}

function MenuLinks(
  { menu, place, here }: {
    menu: Menu;
    place: MenuEntry["place"];
    here: string;
  },
) {
  const entries = menu.filter((entry) => entry.place === place);
  // Of a page and the one above it, both of which are in the menu, the page is where one is.
  const closest = entries.filter(({ path }) => isWithin(path, here))
    .reduce(
      (longest, { path }) => path.length > longest.length ? path : longest,
      "",
    );
  return (
    <>
      {entries.map(({ path, title }) => (
        <a
          href={path}
          aria-current={path === closest ? current(path, here) : undefined}
        >
          {title}
        </a>
      ))}
    </>
  );
}

/** `page` for the page itself, `true` for one above it. */
function current(path: string, here: string): "page" | "true" | undefined {
  if (path === here) return "page";
  return isWithin(path, here) ? "true" : undefined;
}

function isWithin(path: string, here: string): boolean {
  return path === here || path !== "/" && here.startsWith(
        path.endsWith("/") ? path : `${path}/`,
      );
}

/** Path and query of the page itself. */
export function pathOf(c: Context<AppEnv>): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}
