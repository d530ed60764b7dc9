/**
 * The pages: what runs, why it failed, and what to do about it, for people.
 * Made on the server; a script makes some of them livelier, and none needs it.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import type { ApiError } from "../core/error.ts";
import type { Menu } from "../core/menu.ts";
import { createRouter } from "../http/router.ts";
import { answerAsset } from "./assets.ts";
import { accountPage } from "./account_page.tsx";
import { bulkRoutes } from "./bulk/bulk_routes.tsx";
import { adminPage } from "./admin_page.tsx";
import { docsPage } from "./docs_page.tsx";
import { liveRoutes } from "./live_routes.ts";
import { LineIndexes } from "./log/indexes.ts";
import { logRoutes } from "./log/log_routes.ts";
import { overviewPage } from "./overview.tsx";
import { page } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";
import { answerRefusal, wantsPage } from "./kit/respond.tsx";
import { retryRoute } from "./retry_route.ts";
import { runPage } from "./run_page.tsx";
import { runsPage } from "./runs_page.tsx";

const asset = page("public", {
  method: "get",
  path: "/assets/{name}",
  summary: "A style, script or picture of the pages",
  request: { params: z.object({ name: z.string() }) },
  responses: {
    200: { description: "The file, the same for ever" },
    404: { description: "No such file in this version" },
  },
});

/** A page that says that there is none of this path, for somebody with a browser; null for programs, and where an API begins. */
export function missingPage(
  c: Context<AppEnv>,
  error: ApiError,
): Response | null {
  const isPage = c.req.method === "GET" && wantsPage(c.req.raw) &&
    !/^\/(v1|runner)(\/|$)/.test(c.req.path);
  return isPage ? answerRefusal(c, error) : null;
}

/** The menus: the pages of the app and those that its plugins add. */
export function menuOf(
  plugins: readonly { readonly menu: Menu }[],
): Menu {
  const added = plugins.flatMap(({ menu }) => menu);
  return [
    ...ownMenu.filter(({ path }) => path !== "/docs"),
    ...added,
    ...ownMenu.filter(({ path }) => path === "/docs"),
  ];
}

const ownMenu: Menu = [
  {
    place: "main",
    path: "/",
    title: "Overview",
    summary: "What runs now, what failed lately, what waits",
  },
  {
    place: "main",
    path: "/runs",
    title: "Runs",
    summary: "All runs, by filters",
  },
  {
    place: "main",
    path: "/docs",
    title: "API",
    summary: "Every operation, with examples",
  },
  {
    place: "account",
    path: "/account",
    title: "Account",
    summary: "Who you are here, and what you may do",
  },
];

/** All pages of the app itself. Does no I/O. */
export function pages(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(asset, (c) => answerAsset(c));
  const indexes = new LineIndexes(parts.logs);
  const all = [
    overviewPage(parts),
    runsPage(parts),
    // Before the runs, one of which its path would else name.
    bulkRoutes(parts),
    liveRoutes(parts),
    runPage(parts, indexes),
    retryRoute(parts),
    logRoutes(parts, indexes),
    docsPage(parts),
    accountPage(parts),
    adminPage(),
  ];
  for (const routes of all) router.route("/", routes);
  return router;
}
