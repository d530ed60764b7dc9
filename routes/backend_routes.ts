import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../core/app_env.ts";
import type { Backend, BackendContext, PlanRetry } from "../core/backend.ts";
import type { Store } from "../db/store.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Follower } from "./follower.ts";
import { lendRuns } from "./lent_runs.ts";

/** Starts each backend with what it is lent: its routes become the app's, and how its runs are asked for again comes back by its name. */
export function serveBackends(
  app: OpenAPIHono<AppEnv>,
  backends: readonly Backend[],
  { store, dispatcher, follower, ...lent }: {
    readonly store: Store;
    readonly dispatcher: Dispatcher;
    readonly follower: Follower;
  } & Pick<BackendContext<never>, "now" | "fetch" | "log" | "baseUrl">,
): ReadonlyMap<string, PlanRetry> {
  const { logs, artifacts, database } = store;
  const plans = new Map<string, PlanRetry>();
  for (const backend of backends) {
    const runs = lendRuns(backend.name, store, dispatcher, follower);
    const own = { ...lent, logs, artifacts, database, runs };
    app.route("/", backend.routes(own));
    const plan = backend.retry(own);
    if (plan !== null) plans.set(backend.name, plan);
  }
  return plans;
}
