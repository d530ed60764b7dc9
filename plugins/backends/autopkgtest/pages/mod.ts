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

/** The pages of public tests. */
export function publicPages(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  type Show = (c: Context<AppEnv>) => Response | Promise<Response>;
  const show = (path: string, summary: string, answer: Show) => {
    app.openapi(publicPage(context.options, path, summary), answer);
    // debci's addresses end with a slash; who leaves it out is led there.
    const bare = path.replace(/\/$/, "");
    if (bare !== path) {
      app.openapi(publicPage(context.options, bare, summary), toSlash);
    }
  };
  const results = "/packages/{prefix}/{package}/{suite}/{arch}";

  app.openapi(
    publicPage(
      context.options,
      "/packages/-/search",
      "Packages whose names hold a text",
    ),
    (c) => showSearch(context, c),
  );
  show("/packages/", "Packages", (c) => showPackages(context, c));
  show(
    "/packages/{prefix}/",
    "Packages by the beginning of their names",
    (c) => showPrefix(context, c),
  );
  show(
    "/packages/{prefix}/{package}/",
    "How a package does",
    (c) => showPackage(context, openList, c),
  );
  show(
    `${results}/`,
    "The history of a package in a suite on an architecture",
    (c) => showHistory(context, c),
  );
  show(`${results}/{run}/`, "One test", (c) => toRun(context, c));

  show("/status/", "How all packages do", (c) => showStatus(context, c));
  show(
    "/status/alerts/",
    "Tests that could not be carried out",
    (c) => showList(alerts, context, c),
  );
  show(
    "/status/changes/",
    "Packages that came to do otherwise",
    (c) => showList(changes, context, c),
  );
  show(
    "/status/failing/",
    "Packages that fail",
    (c) => showList(failing, context, c),
  );
  show(
    "/status/slow/",
    "Packages whose tests take long",
    (c) => showList(slow, context, c),
  );
  show(
    "/status/pending/",
    "Tests that wait or run",
    (c) => showPending(context, c),
  );
  show(
    "/status/pending/{suite}/",
    "Tests that wait or run in a suite",
    (c) => showPending(context, c),
  );
  show(
    "/status/platform-specific-issues/",
    "Packages that do not do alike on all architectures",
    (c) => showDifferences(context, c),
  );
  show(
    "/status/reject_list/",
    "Packages that are not tested",
    (c) => showRejectList(context, openList, c),
  );
  return app;
}
