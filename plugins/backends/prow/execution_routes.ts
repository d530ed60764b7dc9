import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { mayControl, mayRead } from "../../../core/access.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import type { RunEvent } from "../../../core/run_event.ts";
import type { Run } from "../../../core/run.ts";
import {
  eventStream,
  type ServerSentEvent,
} from "../../../http/event_stream.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { waitQuery } from "../../../http/wait.ts";
import { answer } from "./answer.ts";
import { viewOf } from "./deck/deck.ts";
import { executionSchema, shownExecution } from "./execution.ts";
import { fullExecution, fullExecutionSchema } from "./full_execution.ts";
import { refuseHead } from "./head.ts";
import type { Options } from "./options.ts";
import { quote } from "./request_rules.ts";
import { readView, viewParameter } from "./view.ts";

const tags = ["Prow"];
const params = z.object({ id: z.string() });
const notFound = { 404: { description: "There is no such execution" } };

const show = guarded("executions:read", {
  method: "get",
  path: "/v1/executions/{id}",
  tags,
  summary: "Show an execution",
  request: { params, query: waitQuery.extend({ view: viewParameter }) },
  responses: {
    200: {
      description: "The execution",
      content: {
        "application/json": {
          schema: z.union([executionSchema, fullExecutionSchema]),
        },
      },
    },
    ...notFound,
  },
});

const events = guarded("executions:read", {
  method: "get",
  path: "/v1/executions/{id}/events",
  tags,
  summary: "Follow an execution, as server-sent events",
  description:
    "Last-Event-ID goes on after that event. The stream ends with the execution.",
  request: { params },
  responses: {
    200: {
      description:
        "state events hold the execution as JSON, log events a JSON string",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...notFound,
  },
});

const cancel = guarded("executions:cancel", {
  method: "post",
  path: "/v1/executions/{id}/cancel",
  tags,
  summary: "Cancel an execution",
  description:
    "A waiting execution ends at once; the runner of a live one is told to stop it. An ended one stays as it is.",
  request: { params },
  responses: {
    200: {
      description: "The execution",
      content: { "application/json": { schema: executionSchema } },
    },
    403: { description: "The execution is somebody else's" },
    ...notFound,
  },
});

/** Shows, follows and cancels executions. */
export function executionRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { runs, options } = context;
  const router = createRouter();
  const find = async (id: string, reader: Principal): Promise<Run> => {
    const run = await runs.find(id);
    if (run !== null && mayRead(run, reader)) return run;
    // Kubernetes' words; Gangway answers 500 (gangway 68).
    throw new ApiError(
      options.strict ? "internal" : "not_found",
      `prowjobs.prow.k8s.io ${quote(id)} not found`,
    );
  };

  router.openapi(show, async (c) => {
    refuseHead(c.req.raw);
    const stored = viewOf(context, c);
    const isFull = readView(c.req.valid("query").view);
    const found = await find(c.req.valid("param").id, c.var.principal);
    const waitMs = c.req.valid("query").wait * 1000;
    const run = waitMs === 0
      ? found
      : await runs.waitForChange(found, waitMs, c.req.raw.signal);
    if (!isFull) return answer(shownExecution(run, stored));
    const places = await runs.queuePlaces([run]);
    return answer(fullExecution(run, stored, places.get(run.number)));
  });

  router.openapi(events, async (c) => {
    refuseHead(c.req.raw);
    const run = await find(c.req.valid("param").id, c.var.principal);
    const last = c.req.header("last-event-id");
    const stored = viewOf(context, c);
    return eventStream((gone) =>
      toEvents(runs.events(run, last, gone), stored)
    );
  });

  router.openapi(cancel, async (c) => {
    const { principal } = c.var;
    const run = await find(c.req.valid("param").id, c.var.principal);
    if (!mayControl(run, principal)) {
      throw new ApiError(
        "forbidden",
        `Cannot cancel execution ${run.id}: it is ${run.owner.name}'s`,
      );
    }
    const cancelled = await runs.cancel(run.id) ?? run;
    return answer(shownExecution(cancelled, viewOf(context, c)));
  });

  return router;
}

async function* toEvents(
  source: AsyncGenerator<RunEvent>,
  stored: ReturnType<typeof viewOf>,
): AsyncGenerator<ServerSentEvent> {
  for await (const event of source) {
    const value = event.kind === "state"
      ? shownExecution(event.run, stored)
      : event.text;
    yield { event: event.kind, id: event.id, data: JSON.stringify(value) };
  }
}
