import { mayControl } from "../../../../core/access.ts";
import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { isEnd, type Run } from "../../../../core/run.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import { executionStatus } from "../execution_status.ts";
import {
  type DeckContext,
  findProwJob,
  headers,
  plainText,
  tags,
} from "./deck.ts";
import { assertSameOrigin } from "./same_origin.ts";

const route = guarded("executions:cancel", {
  method: "post",
  path: "/abort",
  tags,
  summary: "Abort an execution",
  request: {
    query: z.object({
      prowjob: z.string().optional().describe("The execution's id"),
    }),
  },
  responses: {
    200: {
      description:
        "A waiting execution has ended; the runner of a live one is told to stop it",
      content: { "text/plain": { schema: z.string() } },
    },
    400: { description: "prowjob is missing, or the execution has ended" },
    403: { description: "The execution is somebody else's" },
    404: { description: "There is no such ProwJob" },
  },
});

/** `/abort`, as Deck's button and scripts send it. */
export function abortRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(route, async (c) => {
    assertSameOrigin(c.req.raw, context.baseUrl(c.req.raw));
    const { principal } = c.var;
    const { prowjob } = c.req.valid("query");
    const run = await findProwJob(context, prowjob, principal);
    c.set("targets", [run.id]);
    if (!mayControl(run, principal)) {
      throw new ApiError(
        "forbidden",
        `Cannot abort this job: it is ${run.owner.name}'s`,
      );
    }
    if (isEnd(run.state)) throw cannotAbort(run);
    const cancelled = await context.runs.cancel(run.id) ?? run;
    // It may have ended by itself in the meantime.
    if (isEnd(cancelled.state) && cancelled.state !== "aborted") {
      throw cannotAbort(cancelled);
    }
    return c.body(
      "Job successfully aborted.",
      200,
      headers(context.options, plainText),
    );
  });
  return router;
}

/** Deck's words. */
function cannotAbort({ state }: Run): ApiError {
  const word = executionStatus(state).toLowerCase();
  return new ApiError("invalid", `Cannot abort job with state: "${word}".`);
}
