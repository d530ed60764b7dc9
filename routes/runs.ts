import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import type { PageData } from "../core/page_data.ts";
import type { Principal } from "../core/principal.ts";
import type { RunEvent } from "../core/run_event.ts";
import { type Run, runStates } from "../core/run.ts";
import { withAttempt } from "../core/attempt.ts";
import { mayControl } from "../core/access.ts";
import type { Store } from "../db/store.ts";
import { findVisible } from "./visible_run.ts";
import { eventStream, type ServerSentEvent } from "../http/event_stream.ts";
import { logStream } from "../http/log_stream.ts";
import { waitQuery } from "../http/wait.ts";
import { nativeQuery } from "../http/query.ts";
import { guarded } from "../http/guard.ts";
import { createRouter } from "../http/router.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Follower } from "./follower.ts";
import { cancelRun } from "./lent_runs.ts";
import { runSchema, toRunJson } from "./run_json.ts";
import { findWaiting } from "./waiting.ts";

const time = z.iso.datetime({ offset: true });

const params = z.object({
  id: z.string().describe("The run's id or number"),
});
const oneRun = {
  200: {
    description: "The run",
    content: { "application/json": { schema: runSchema } },
  },
  404: { description: "No such run, or not one that you may see" },
};

const list = guarded("runs:read", {
  method: "get",
  path: "/v1/runs",
  summary: "List runs, newest first",
  description:
    "`owner` is the name of a user or a group. `from` (inclusive) and `to` (exclusive) are of the time at which a run was asked for.",
  request: {
    query: nativeQuery({
      backend: z.string().optional(),
      job: z.string().optional(),
      state: z.enum(runStates).optional(),
      owner: z.string().optional(),
      from: time.optional(),
      to: time.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().optional(),
    }),
  },
  responses: {
    200: {
      description: "A page of runs; `next` is the cursor of the following page",
      content: {
        "application/json": {
          schema: z.object({
            runs: z.array(runSchema),
            next: z.string().nullable(),
          }),
        },
      },
    },
  },
});

const show = guarded("runs:read", {
  method: "get",
  path: "/v1/runs/{id}",
  summary: "Show a run",
  request: { params, query: nativeQuery(waitQuery.shape) },
  responses: oneRun,
});

const events = guarded("runs:read", {
  method: "get",
  path: "/v1/runs/{id}/events",
  summary: "Follow a run: its states and its log, as server-sent events",
  description:
    "`Last-Event-ID` goes on after that event. The stream ends with the run.",
  request: { params, query: nativeQuery({}) },
  responses: {
    200: {
      description:
        "`state` events hold the run as JSON, `log` events a JSON string",
      content: { "text/event-stream": { schema: z.string() } },
    },
    404: oneRun[404],
  },
});

const log = guarded("runs:read", {
  method: "get",
  path: "/v1/runs/{id}/log",
  summary: "Read a run's log, as far as it is written",
  request: {
    params,
    query: nativeQuery({
      offset: z.coerce.number().int().min(0).default(0),
      attempt: z.coerce.number().int().min(1).optional().describe(
        "An earlier attempt; the latest without it",
      ),
    }),
  },
  responses: {
    200: {
      description: "The log from byte `offset` on",
      content: { "text/plain": { schema: z.string() } },
    },
    404: oneRun[404],
  },
});

const cancel = guarded("runs:cancel", {
  method: "post",
  path: "/v1/runs/{id}/cancel",
  summary: "Cancel a run",
  description:
    "A waiting run ends at once; the runner of a live one is told to stop it. An ended run stays as it is.",
  request: { params, query: nativeQuery({}) },
  responses: { ...oneRun, 403: { description: "The run is somebody else's" } },
});

/** What the routes work with. */
export type RunRoutesParts = {
  readonly store: Store;
  readonly pages: PageData;
  readonly dispatcher: Dispatcher;
  readonly follower: Follower;
  readonly now: () => number;
};

/** The native API's routes on runs. */
export function runRoutes(
  { store, pages, dispatcher, follower, now }: RunRoutesParts,
): OpenAPIHono<AppEnv> {
  const router = createRouter();

  const visible = (id: string, principal: Principal) =>
    findVisible(store, dispatcher, id, principal);
  const present = async (run: Run) => {
    const attempts = await store.pastAttempts.of(run);
    return toRunJson(run, await findWaiting(store, run, now()), attempts);
  };

  const ofAttempt = async (run: Run, attempt: number | undefined) => {
    if (attempt === undefined || attempt === run.attempt) return run;
    const found = (await store.pastAttempts.of(run)).find(({ number }) =>
      number === attempt
    );
    if (found !== undefined) return withAttempt(run, found);
    throw new ApiError(
      "not_found",
      `Cannot find the log: run ${run.number} has no attempt ${attempt}`,
    );
  };

  router.openapi(list, async (c) => {
    await dispatcher.reap();
    const { backend, job, state, owner, from, to, limit, cursor } = c.req.valid(
      "query",
    );
    const runs = await pages.list({
      ...(backend === undefined ? {} : { backend }),
      ...(job === undefined ? {} : { job }),
      ...(state === undefined ? {} : { states: [state] }),
      ...(owner === undefined ? {} : { ownerName: owner }),
      ...(from === undefined ? {} : { createdSince: readTime(from) }),
      ...(to === undefined ? {} : { createdUntil: readTime(to) }),
      ...(cursor === undefined ? {} : { before: readCursor(cursor) }),
      reader: c.var.principal,
      limit: limit + 1,
    });
    const page = runs.slice(0, limit);
    const last = page.at(-1);
    return c.json({
      runs: page.map((run) => toRunJson(run)),
      next: runs.length > limit && last ? writeCursor(last.number) : null,
    }, 200);
  });

  router.openapi(show, async (c) => {
    const run = await visible(c.req.valid("param").id, c.var.principal);
    const waitMs = c.req.valid("query").wait * 1000;
    const seen = waitMs === 0
      ? run
      : await follower.waitForChange(run, waitMs, c.req.raw.signal);
    return c.json(await present(seen), 200);
  });

  router.openapi(events, async (c) => {
    const run = await visible(c.req.valid("param").id, c.var.principal);
    const last = c.req.header("last-event-id");
    return eventStream((gone) => toEvents(follower.events(run, last, gone)));
  });

  router.openapi(log, async (c) => {
    const latest = await visible(c.req.valid("param").id, c.var.principal);
    const { offset, attempt } = c.req.valid("query");
    const run = await ofAttempt(latest, attempt);
    const body = logStream(store.logs, run, offset);
    return c.body(body, 200, {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
  });

  router.openapi(cancel, async (c) => {
    const run = await visible(c.req.valid("param").id, c.var.principal);
    if (!mayControl(run, c.var.principal)) {
      throw new ApiError(
        "forbidden",
        `Cannot cancel run ${run.id}: it is ${run.owner.name}'s`,
      );
    }
    return c.json(
      await present(await cancelRun(run, store, dispatcher, follower)),
      200,
    );
  });

  return router;
}

async function* toEvents(
  source: AsyncGenerator<RunEvent>,
): AsyncGenerator<ServerSentEvent> {
  for await (const event of source) {
    const value = event.kind === "state" ? toRunJson(event.run) : event.text;
    yield { event: event.kind, id: event.id, data: JSON.stringify(value) };
  }
}

/** Before 1970 there were no runs, and ids know no such time. */
function readTime(text: string): number {
  return Math.max(0, Date.parse(text));
}

/** Cursors are opaque, so that what they hold may change. */
function writeCursor(number: number): string {
  return btoa(`n${number}`).replaceAll("=", "");
}

function readCursor(cursor: string): number {
  try {
    const number = /^n(\d{1,15})$/.exec(atob(cursor))?.[1];
    if (number !== undefined) return Number(number);
  } catch {
    // Not even base64: refused below.
  }
  throw new ApiError(
    "invalid",
    "Cannot read the cursor: use `next` of the page before, unchanged",
  );
}
