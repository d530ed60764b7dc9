import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { answer } from "./answer.ts";
import { viewOf } from "./deck/deck.ts";
import { executionsSchema, listedExecution } from "./execution.ts";
import { executionStatuses } from "./execution_status.ts";
import {
  fullExecution,
  fullExecutionsSchema,
  fullMembers,
} from "./full_execution.ts";
import { refuseHead } from "./head.ts";
import { maxListed, readListQuery, writeToken } from "./list_query.ts";
import type { Options } from "./options.ts";
import { viewParameter } from "./view.ts";

const list = guarded("executions:read", {
  method: "get",
  path: "/v1/executions",
  tags: ["Prow"],
  summary: "List executions, newest first",
  request: {
    query: z.object({
      job_name: z.string().optional(),
      status: z.string().optional().meta({
        description: `One of ${executionStatuses.join(", ")}, or its number`,
      }),
      view: viewParameter,
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

/** Lists executions. */
export function listRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { runs } = context;
  const router = createRouter();
  router.openapi(list, async (c) => {
    refuseHead(c.req.raw);
    const { filter, isFull, isPaged } = readListQuery(c.req.query());
    const found = await runs.summaries(
      { ...filter, reader: c.var.principal, limit: filter.limit + 1 },
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

/** The next page as a header too (RFC 8288), since lists that nobody asked to be paged have no other place for it. */
function nextLink(url: string, token: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete("pageToken");
  searchParams.set("page_token", token);
  return `<${pathname}?${searchParams}>; rel="next"`;
}
