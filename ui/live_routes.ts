import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { isEnd, type Run } from "../core/run.ts";
import { eventStream, type ServerSentEvent } from "../http/event_stream.ts";
import { createRouter } from "../http/router.ts";
import { page, readerOf } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";
import { findReadable, readingAccess } from "./scope.ts";

/** After this long a page of a run is told all the same: what it says of time grows old. */
const tellEveryMs = 30_000;

const query = z.object({ since: z.string().optional() });
const responses = {
  200: {
    description: "`changed` events; the page is to be loaded again",
    content: { "text/event-stream": { schema: z.string() } },
  },
};

/** Where a page of all runs hears of changes since it was made (epoch ms). */
export function changesPath(since: number): string {
  return `/events?since=${since}`;
}

/** Where a run's page hears of changes since it was made. */
export function runChangesPath(run: Run): string {
  return `/runs/${run.number}/events?since=${positionOf(run)}`;
}

/** What keeps open pages up to date: they are told that they are old, and nothing else. */
export function liveRoutes(parts: PagesParts): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const access = readingAccess(parts);
  const all = page(access, {
    method: "get",
    path: "/events",
    summary: "Hear that some run has changed, as server-sent events",
    request: { query },
    responses,
  });
  router.openapi(all, (c) => {
    const since = /^\d{1,15}$/.exec(sinceOf(c) ?? "")?.[0];
    const isAnonymous = readerOf(c) === null;
    return eventStream((gone) =>
      toEvents(
        parts.changes.watch(
          since === undefined ? null : Number(since),
          gone,
          isAnonymous,
        ),
      )
    );
  });

  const one = page(access, {
    method: "get",
    path: "/runs/{id}/events",
    summary: "Hear that a run has changed, as server-sent events",
    request: { query, params: z.object({ id: z.string() }) },
    responses,
  });
  router.openapi(one, async (c) => {
    const run = await findReadable(parts, c);
    const since = sinceOf(c);
    return eventStream((gone) => toEvents(positions(parts, run, since, gone)));
  });
  return router;
}

/** What the page has seen, or, once the connection was lost, what the browser has heard last. */
function sinceOf(c: Context<AppEnv>): string | undefined {
  return c.req.header("last-event-id") ?? c.req.query("since");
}

/** Where a run stands, each time that it stands elsewhere, and now and then all the same. */
async function* positions(
  { runs }: PagesParts,
  run: Run,
  since: string | undefined,
  gone: AbortSignal,
): AsyncGenerator<string> {
  let seen = run;
  if (since !== positionOf(seen)) yield positionOf(seen);
  while (!isEnd(seen.state) && !gone.aborted) {
    seen = await runs.waitForChange(seen, tellEveryMs, gone);
    if (!gone.aborted) yield positionOf(seen);
  }
}

function positionOf({ attempt, state }: Run): string {
  return `${attempt}.${state}`;
}

async function* toEvents(
  source: AsyncGenerator<string | number>,
): AsyncGenerator<ServerSentEvent> {
  for await (const at of source) {
    yield { event: "changed", id: String(at), data: "" };
  }
}
