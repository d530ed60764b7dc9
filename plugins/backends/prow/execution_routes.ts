import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { ApiError } from "../../../core/error.ts";
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
import { mayControl, viewOf } from "./deck/deck.ts";
import {
  executionSchema,
  executionsSchema,
  listedExecution,
  shownExecution,
} from "./execution.ts";
import { executionStatuses } from "./execution_status.ts";
import {
  fullExecution,
  fullExecutionSchema,
  fullExecutionsSchema,
  fullMembers,
} from "./full_execution.ts";
import {
  maxListed,
  readListQuery,
  readView,
  writeToken,
} from "./list_query.ts";
import type { Options } from "./options.ts";
import { quote } from "./request_rules.ts";

const tags = ["Prow"];
const view = z.string().optional().meta({
  description: "full: with all that is known",
  enum: ["full"],
});
const params = z.object({ id: z.string() });
const notFound = { 404: { description: "There is no such execution" } };

const show = guarded("executions:read", {
  method: "get",
  path: "/v1/executions/{id}",
  tags,
  summary: "Show an execution",
  request: { params, query: waitQuery.extend({ view }) },
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

const list = guarded("executions:read", {
  method: "get",
  path: "/v1/executions",
  tags,
  summary: "List executions, newest first",
  request: {
    query: z.object({
      job_name: z.string().optional(),
      status: z.string().optional().meta({
        description: `One of ${executionStatuses.join(", ")}, or its number`,
      }),
      view,
      page_size: z.string().optional().meta({
        description:
          `Asks for pages; without it the answer has the newest ${maxListed}`,
        type: "integer",
      }),
      page_token: z.string().optional().meta({
        description: "next_page_token of the page before",
      }),
    }),
  },
  responses: {
    200: {
      description:
        "The executions that match; Link has the next page when there are more",
      content: {
        "application/json": {
          schema: z.union([executionsSchema, fullExecutionsSchema]),
        },
      },
    },
    400: { description: "A parameter is not valid; the message says why" },
  },
});

/** Shows, lists and cancels executions. */
export function executionRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { runs, options } = context;
  const router = createRouter();
  const find = async (id: string): Promise<Run> => {
    const run = await runs.find(id);
    if (run !== null) return run;
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
    const found = await find(c.req.valid("param").id);
    const waitMs = c.req.valid("query").wait * 1000;
    const run = waitMs === 0
      ? found
      : await runs.waitForChange(found, waitMs, c.req.raw.signal);
    if (!isFull) return answer(shownExecution(run, stored));
    const places = await runs.queuePlaces([run]);
    return answer(fullExecution(run, stored, places.get(run.number)));
  });

  router.openapi(events, async (c) => {
    const run = await find(c.req.valid("param").id);
    const last = c.req.header("last-event-id");
    const source = runs.events(run, last, c.req.raw.signal);
    return eventStream(toEvents(source, viewOf(context, c)));
  });

  router.openapi(cancel, async (c) => {
    const { principal } = c.var;
    const run = await find(c.req.valid("param").id);
    if (!mayControl(run, principal)) {
      throw new ApiError(
        "forbidden",
        `Cannot cancel execution ${run.id}: it is ${run.owner.name}'s`,
      );
    }
    const cancelled = await runs.cancel(run.id) ?? run;
    return answer(shownExecution(cancelled, viewOf(context, c)));
  });

  router.openapi(list, async (c) => {
    refuseHead(c.req.raw);
    const { filter, isFull, isPaged } = readListQuery(c.req.query());
    const found = await runs.summaries(
      { ...filter, limit: filter.limit + 1 },
      isFull ? fullMembers : ["type"],
    );
    const shown = found.slice(0, filter.limit);
    const last = shown.at(-1);
    const next = found.length > filter.limit && last
      ? writeToken(last.number)
      : "";
    const places = isFull ? await runs.queuePlaces(shown) : new Map();
    const stored = viewOf(context, c);
    return answer({
      job_execution: shown.map((run) =>
        isFull
          ? fullExecution(run, stored, places.get(run.number))
          : listedExecution(run)
      ),
      ...isPaged && { next_page_token: next },
    }, next === "" ? {} : { link: nextLink(c.req.url, next) });
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

/** Gangway knows no HEAD, which would do the work of a GET for nothing (gangway 99). */
function refuseHead({ method }: Request): void {
  if (method !== "HEAD") return;
  throw new ApiError("method_not_allowed", "Cannot HEAD executions: use GET", {
    headers: { allow: "GET, POST" },
  });
}

/** The next page as a header too (RFC 8288), since lists that nobody asked to be paged have no other place for it. */
function nextLink(url: string, token: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete("pageToken");
  searchParams.set("page_token", token);
  return `<${pathname}?${searchParams}>; rel="next"`;
}
