/**
 * Pages of Prow's jobs, for people.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { Menu } from "../../../../core/menu.ts";
import { createRouter } from "../../../../http/router.ts";
import type { PagesContext } from "./access.ts";
import { jobPage } from "./job_page.tsx";
import { jobsPage } from "./jobs_page.tsx";
import { triggerRoutes } from "./trigger_routes.ts";

/** Where the pages are found. */
export const menu: Menu = [{
  place: "main",
  path: "/jobs",
  title: "Jobs",
  summary: "Prow's jobs: find one, see its builds, run it",
}];

/** Every page. */
export function pageRoutes(context: PagesContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  for (const routes of [jobsPage, jobPage, triggerRoutes]) {
    router.route("/", routes(context));
  }
  return router;
}
