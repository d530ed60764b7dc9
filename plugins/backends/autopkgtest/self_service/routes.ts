import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../../core/app_env.ts";
import type { BackendContext } from "../../../../core/backend.ts";
import { createRouter } from "../../../../http/router.ts";
import type { Options } from "../options.ts";
import type { RejectList } from "../reject_list.ts";
import { cancelPage } from "./cancel_page.tsx";
import { homePage } from "./home_page.tsx";
import { publishPage } from "./publish_page.tsx";
import { rejectListPage } from "./reject_list_page.tsx";
import { requestsPage } from "./requests_page.tsx";
import { ownRetryRoutes } from "./retry_routes.ts";
import { testFormRoutes } from "./test_form_routes.ts";
import { uploadRoutes } from "./upload_routes.ts";

/** Pages on which people ask for package tests and look after their own, by debci's paths (wire 2.1). */
export function selfServiceRoutes(
  context: BackendContext<Options>,
  openList: () => Promise<RejectList>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  // Before `/user/NAME`: its own words are nobody's name.
  app.route("/", homePage());
  app.route("/", requestsPage(context));
  app.route("/", testFormRoutes(context, openList));
  app.route("/", uploadRoutes(context, openList));
  app.route("/", publishPage(context));
  app.route("/", cancelPage(context));
  app.route("/", ownRetryRoutes(context, openList));
  app.route("/", rejectListPage(context, openList));
  return app;
}
