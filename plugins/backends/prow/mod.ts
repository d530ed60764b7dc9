/**
 * Prow-style job executions, triggered and followed through Gangway's REST API.
 *
 * @module
 */
import { defineBackend } from "../../../core/backend.ts";
import jobs from "./migrations/0001_jobs.sql" with { type: "text" };
import { planRerun } from "./deck/rerun.ts";
import facet from "./migrations/0002_facet.sql" with { type: "text" };
import { optionsSchema } from "./options.ts";
import { describe, outcome } from "./outcome.ts";
import { dialect } from "./refusal.ts";
import { prowRoutes } from "./routes.ts";

export default defineBackend({
  name: "prow",
  summary: "Prow-style job executions through Gangway's REST API",
  options: optionsSchema,
  migrations: [
    { name: "0001_jobs", sql: jobs },
    { name: "0002_facet", sql: facet },
  ],
  dialect,
  routes: prowRoutes,
  facets: [{
    name: "repo",
    label: "Repository",
    members: ["org", "repo"],
    hint: "org/repo",
  }],
  outcome,
  describe,
  retry: (context) => (run, asker) =>
    planRerun(context, run, "original", asker),
  isPublic: ({ publicDeck }) => publicDeck,
});
