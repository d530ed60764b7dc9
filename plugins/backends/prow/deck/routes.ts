/**
 * The endpoints of Prow's Deck that Prow's clients read from.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../../core/app_env.ts";
import { createRouter } from "../../../../http/router.ts";
import { abortRoutes } from "./abort_routes.ts";
import { badgeRoutes } from "./badge_routes.ts";
import type { DeckContext } from "./deck.ts";
import { feedRoutes } from "./feed_routes.ts";
import { jobHistoryRoutes } from "./job_history_routes.ts";
import { logRoutes } from "./log_routes.ts";
import { prowJobRoutes } from "./prowjob_routes.ts";
import { rerunRoutes } from "./rerun_routes.ts";
import { storageRoutes } from "./storage_routes.ts";
import { viewRoutes } from "./view_routes.ts";

/** Every route of Deck's. */
export function deckRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  for (
    const routes of [
      prowJobRoutes,
      feedRoutes,
      logRoutes,
      badgeRoutes,
      jobHistoryRoutes,
      storageRoutes,
      viewRoutes,
      rerunRoutes,
      abortRoutes,
    ]
  ) {
    router.route("/", routes(context));
  }
  return router;
}
