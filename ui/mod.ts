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
import { createRouter } from "../http/router.ts";
import { answerAsset } from "./assets.ts";
import { docsPage } from "./docs_page.tsx";
import { LineIndexes } from "./log/indexes.ts";
import { logRoutes } from "./log/log_routes.ts";
import { overviewPage } from "./overview.tsx";
import { page, readerOf } from "./page_route.ts";
import type { PagesParts } from "./parts.ts";
import { answerRefusal, wantsPage } from "./respond.tsx";
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
  return isPage ? answerRefusal(c, error, null) : null;
}

/** All pages, with refusals of their own. Does no I/O. */
export function pages(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(asset, (c) => answerAsset(c));
  const indexes = new LineIndexes(parts.logs);
  const all = [
    overviewPage(parts),
    runsPage(parts),
    runPage(parts, indexes),
    logRoutes(parts, indexes),
    docsPage(parts),
  ];
  for (const routes of all) router.route("/", routes);
  router.onError((error, c) =>
    answerRefusal(c, parts.refuse(error, c), readerOf(c))
  );
  return router;
}
