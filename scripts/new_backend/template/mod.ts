/**
 * Say here what this backend is for, and whose dialect it speaks.
 *
 * @module
 */
import * as z from "zod";
import { defineBackend } from "../../../core/backend.ts";
import { outcome } from "./outcome.ts";
import { planRetry } from "./retry.ts";
import { templateRoutes } from "./routes.ts";

export default defineBackend({
  name: "template",
  summary: "Commands, and what becomes of them",
  options: z.strictObject({}),
  migrations: [],
  dialect: {
    prefixes: ["/backends/template"],
    refuse: (error) =>
      Response.json(
        { error: error.message },
        { status: error.status, headers: error.options.headers ?? {} },
      ),
  },
  routes: templateRoutes,
  retry: () => planRetry,
  outcome,
  describe: (run) => ({
    title: run.job,
    facts: [{ name: "Command", value: JSON.stringify(run.task.command) }],
    links: [],
  }),
});
