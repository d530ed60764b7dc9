import * as z from "zod";
import { defineBackend } from "../../../core/backend.ts";
import { dummyRoutes } from "./routes.ts";
import { outcome } from "./outcome.ts";
import { refuse } from "./refuse.ts";
import { planRetry } from "./retry.ts";

/** A backend without a system behind it: its runs end as they are told to. For tests. */
export const dummy = defineBackend({
  name: "dummy",
  summary: "Runs that end as they are told to, for tests",
  options: z.strictObject({}),
  migrations: [],
  dialect: { prefixes: ["/dummy/"], refuse },
  routes: dummyRoutes,
  outcome,
  describe: (run) => ({
    title: `Dummy run ${run.job}`,
    facts: [{ name: "Action", value: JSON.stringify(run.task.do ?? null) }],
    links: [{ name: "JSON", href: `/dummy/v1/runs/${run.id}` }],
  }),
  retry: () => planRetry,
});
