import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import type { Store } from "../db/store.ts";
import { guarded } from "../http/guard.ts";
import { nativeQuery } from "../http/query.ts";
import { createRouter } from "../http/router.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Retrier } from "./retrier.ts";
import { runSchema, toRunJson } from "./run_json.ts";
import { findVisible } from "./visible_run.ts";

const retry = guarded("runs:create", {
  method: "post",
  path: "/v1/runs/{id}/retry",
  summary: "Ask for what a run has done once more",
  description:
    "As the run's backend does it. The new run is one of its own; the old one stays as it is.",
  request: {
    params: z.object({ id: z.string().describe("The run's id or number") }),
    query: nativeQuery({}),
  },
  responses: {
    201: {
      description: "The new run",
      content: { "application/json": { schema: runSchema } },
    },
    403: { description: "The run's backend does not let you" },
    404: { description: "No such run, or not one that you may see" },
    409: { description: "The run is not over" },
    422: { description: "Runs of its backend are not asked for again" },
  },
});

/** `POST /v1/runs/{id}/retry`, for the runs of every backend. */
export function runRetryRoutes({ store, dispatcher, retrier }: {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly retrier: Retrier;
}): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(retry, async (c) => {
    const { principal, alongside } = c.var;
    const { id } = c.req.valid("param");
    const run = await findVisible(store, dispatcher, id, principal);
    const planned = await retrier.plan(run, principal);
    const [made] = await retrier.carryOut([planned], principal, alongside);
    if (made === undefined) {
      throw new TypeError("Cannot retry: no run came back");
    }
    return c.json(toRunJson(made), 201);
  });
  return router;
}
