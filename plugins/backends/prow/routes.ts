import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { createRouter } from "../../../http/router.ts";
import { bulkRoutes } from "./bulk_routes.ts";
import { createRoutes } from "./create_routes.ts";
import { deckRoutes } from "./deck/routes.ts";
import { executionRoutes } from "./execution_routes.ts";
import { jobRoutes } from "./job_routes.ts";
import { listRoutes } from "./list_routes.ts";
import type { Options } from "./options.ts";
import { pageRoutes } from "./pages/routes.ts";

/** Every route of the backend. */
export function prowRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  for (
    const routes of [
      createRoutes,
      listRoutes,
      executionRoutes,
      bulkRoutes,
      jobRoutes,
      deckRoutes,
      pageRoutes,
    ]
  ) {
    router.route("/", routes(context));
  }
  return router;
}
