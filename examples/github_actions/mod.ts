/**
 * GitHub Actions' way to run a workflow by hand (`workflow_dispatch`), as a
 * backend of Slipway: an example of one that lives outside of plugins/. What of
 * GitHub's API and of its workflows it knows is in the README beside it.
 *
 * @module
 */
import * as z from "zod";
import { defineBackend } from "../../core/backend.ts";
import { createRouter } from "../../http/router.ts";
import { describe } from "./describe.ts";
import { dispatchRoutes } from "./dispatch_routes.ts";
import workflows from "./migrations/0001_github_actions_workflow.sql" with {
  type: "text",
};
import { outcome } from "./outcome.ts";
import { menu, workflowPages } from "./pages.tsx";
import { refuse } from "./refuse.ts";
import { planRetry } from "./retry.ts";
import { runRoutes } from "./run_routes.ts";
import { workflowRoutes } from "./workflow_routes.ts";

export default defineBackend({
  name: "github_actions",
  summary: "Workflows of run: steps through GitHub's workflow_dispatch API",
  options: z.strictObject({}),
  migrations: [{ name: "0001_github_actions_workflow", sql: workflows }],
  dialect: { prefixes: ["/repos"], refuse },
  routes(context) {
    const router = createRouter();
    for (
      const routes of [workflowRoutes, dispatchRoutes, runRoutes, workflowPages]
    ) {
      router.route("/", routes(context));
    }
    return router;
  },
  facets: [{
    name: "repo",
    label: "Repository",
    members: ["repository"],
    hint: "org/repo",
  }],
  retry: planRetry,
  outcome,
  describe,
  menu,
});
