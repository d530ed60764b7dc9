import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { createRouter } from "../../../http/router.ts";
import { docRoutes } from "./doc_routes.ts";
import { checkAuth } from "./operations.ts";
import type { Options } from "./options.ts";
import { publicPages } from "./pages/mod.ts";
import { publishRoutes } from "./publish_routes.ts";
import { openRejectList } from "./reject_list_store.ts";
import { rejectListRoutes } from "./reject_list_routes.ts";
import { textReply } from "./reply.ts";
import { requestRoutes } from "./request_routes.ts";
import { resultRoutes } from "./result_routes.ts";
import { retryRoutes } from "./retry_routes.ts";
import { runFileRoutes } from "./run_file_routes.ts";
import { selfServiceRoutes } from "./self_service/routes.ts";
import { statusRoutes } from "./status_routes.ts";

/** debci's routes (wire 1.2). */
export function createRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { options } = context;
  const app = createRouter();
  const openList = openRejectList(context.database, options);

  app.openapi(checkAuth, (c) => textReply(200, "", c.var.principal));

  app.route("/", requestRoutes(context, openList));
  app.route("/", retryRoutes(context, openList));
  app.route("/", publishRoutes(context));
  app.route("/", rejectListRoutes(context, openList));
  app.route("/", docRoutes(context));

  app.route("/", resultRoutes(context));
  app.route("/", runFileRoutes(context));
  app.route("/", statusRoutes(context));
  app.route("/", publicPages(context, openList));

  app.route("/", selfServiceRoutes(context, openList));

  return app;
}
