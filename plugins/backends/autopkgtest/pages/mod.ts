/**
 * What people read of public package tests, under debci's own paths (wire 2.2):
 * packages, how they do and did, and what waits. Private tests are on none of
 * these pages, nor in their counts, whoever reads them.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import type { Menu } from "../../../../core/menu.ts";
import { createRouter } from "../../../../http/router.ts";
import type { Options } from "../options.ts";
import type { RejectList } from "../reject_list.ts";
import { publicPage } from "./access.ts";
import { showDifferences } from "./difference_page.tsx";
import { showHistory } from "./history_page.tsx";
import { showPackage } from "./package_page.tsx";
import { showPackages, showPrefix, showSearch } from "./packages_page.tsx";
import { packagesPath, statusPath } from "./path.ts";
import { showPending } from "./pending_page.tsx";
import { showRejectList } from "./reject_list_page.tsx";
import {
  alerts,
  changes,
  failing,
  showList,
  slow,
} from "./result_list_page.tsx";
import { toRun } from "./run_redirect.ts";
import { toSlash } from "./slash.ts";
import { showStatus } from "./status_page.tsx";

/** The pages in the menus. */
export const menu: Menu = [
  {
    place: "main",
    path: packagesPath,
    title: "Packages",
    summary: "Package tests, by package",
  },
  {
    place: "main",
    path: statusPath,
    title: "Package status",
    summary: "How all packages do, what fails, what waits",
  },
];

/** A page: its path, what it is, and what answers. */
type Route = readonly [
  path: string,
  summary: string,
  answer: (c: Context<AppEnv>) => Response | Promise<Response>,
];

/** The pages of public tests. */
export function publicPages(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  const routes = [
    ...packageRoutes(context, openList),
    ...statusRoutes(context, openList),
  ];
  for (const [path, summary, answer] of routes) {
    app.openapi(publicPage(context.options, path, summary), answer);
    // debci's addresses end with a slash; who leaves it out is led there.
    const bare = path.replace(/\/$/, "");
    if (bare === path) continue;
    app.openapi(publicPage(context.options, bare, summary), toSlash);
  }
  return app;
}

function packageRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): Route[] {
  const results = "/packages/{prefix}/{package}/{suite}/{arch}/";
  return [
    [
      "/packages/-/search",
      "Packages whose names hold a text",
      (c) => showSearch(context, c),
    ],
    ["/packages/", "Packages", (c) => showPackages(context, c)],
    [
      "/packages/{prefix}/",
      "Packages by the beginning of their names",
      (c) => showPrefix(context, c),
    ],
    [
      "/packages/{prefix}/{package}/",
      "How a package does",
      (c) => showPackage(context, openList, c),
    ],
    [
      results,
      "The history of a package in a suite on an architecture",
      (c) => showHistory(context, c),
    ],
    [`${results}{run}/`, "One test", (c) => toRun(context, c)],
  ];
}

function statusRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): Route[] {
  const pending = (c: Context<AppEnv>) => showPending(context, c);
  return [
    ["/status/", "How all packages do", (c) => showStatus(context, c)],
    [
      "/status/alerts/",
      "Tests that could not be carried out",
      (c) => showList(alerts, context, c),
    ],
    [
      "/status/changes/",
      "Packages that came to do otherwise",
      (c) => showList(changes, context, c),
    ],
    [
      "/status/failing/",
      "Packages that fail",
      (c) => showList(failing, context, c),
    ],
    [
      "/status/slow/",
      "Packages whose tests take long",
      (c) => showList(slow, context, c),
    ],
    ["/status/pending/", "Tests that wait or run", pending],
    ["/status/pending/{suite}/", "Tests that wait or run in a suite", pending],
    [
      "/status/platform-specific-issues/",
      "Packages that do not do alike on all architectures",
      (c) => showDifferences(context, c),
    ],
    [
      "/status/reject_list/",
      "Packages that are not tested",
      (c) => showRejectList(context, openList, c),
    ],
  ];
}
