import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import { allows, type Permission } from "../../../../core/permission.ts";
import { ownPath } from "./path.ts";

/** One of the pages below `/user/NAME`. */
export type Tab = {
  readonly path: string;
  readonly title: string;
  readonly summary: string;
};

const all: readonly (Omit<Tab, "path"> & {
  readonly rest: string;
  readonly permission: Permission;
})[] = [
  {
    rest: "/jobs",
    title: "My requests",
    summary: "What you have asked for, and what became of it",
    permission: "tests:read",
  },
  {
    rest: "/test",
    title: "Request a test",
    summary: "By form, or by JSON for many at once",
    permission: "tests:create",
  },
  {
    rest: "/test/publish",
    title: "Publish",
    summary: "Make private tests of yours public",
    permission: "tests:create",
  },
  {
    rest: "/getkey",
    title: "API key",
    summary: "For scripts: requests over the API",
    permission: "keys:read",
  },
];

/** The pages of the reader's own, as far as they may use them. */
export function tabsOf(c: Context<AppEnv>): Tab[] {
  const { name, permissions } = c.var.principal;
  return all.filter(({ permission }) => allows(permissions, permission))
    .map(({ rest, title, summary }) => ({
      path: ownPath(name, rest),
      title,
      summary,
    }));
}

/** Leads from each of these pages to the others. */
export function Tabs({ c }: { c: Context<AppEnv> }) {
  return (
    <nav class="tabs" aria-label="Package tests">
      {tabsOf(c).map(({ path, title }) => (
        <a
          href={path}
          aria-current={decodeURI(path) === decodeURI(c.req.path)
            ? "page"
            : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}
