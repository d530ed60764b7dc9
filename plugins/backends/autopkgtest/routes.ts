import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { createRouter } from "../../../http/router.ts";
import { docRoutes } from "./doc_routes.ts";
import { checkAuth, listTests } from "./operations.ts";
import type { Options } from "./options.ts";
import { queryParams } from "./params.ts";
import { publishRoutes } from "./publish_routes.ts";
import { openRejectList } from "./reject_list_store.ts";
import { rejectListRoutes } from "./reject_list_routes.ts";
import { jsonReply, textReply } from "./reply.ts";
import { requestRoutes } from "./request_routes.ts";
import { retryRoutes } from "./retry_routes.ts";
import { readSince } from "./target.ts";
import { toTestResults } from "./test_result.ts";

/** debci's routes (wire 1.2). */
export function createRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { options, runs } = context;
  const app = createRouter();
  const openList = openRejectList(context.database, options);

  app.openapi(checkAuth, (c) => textReply(200, "", c.var.principal));

  app.route("/", requestRoutes(context, openList));
  app.route("/", retryRoutes(context, openList));
  app.route("/", publishRoutes(context));
  app.route("/", rejectListRoutes(context, openList));
  app.route("/", docRoutes(context));

  app.openapi(listTests, async (c) => {
    const caller = c.var.principal;
    const since = readSince(queryParams(c.req.raw));
    const own = await runs.list({
      owner: caller.account,
      reader: caller,
      order: "changed",
      ...(since === null ? {} : { updatedSince: since }),
    });
    return jsonReply(200, toTestResults(own), caller);
  });

  return app;
}
