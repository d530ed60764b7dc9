import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import type { Principal } from "../../../../core/principal.ts";
import type { Run } from "../../../../core/run.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import { mayRead } from "../../../../core/access.ts";
import { logStream } from "../../../../http/log_stream.ts";
import {
  type DeckContext,
  headers,
  plainText,
  readerOf,
  readingAccess,
  tags,
} from "./deck.ts";
import { hasBuild } from "./storage_layout.ts";

/** `/log`: a build's log as far as it is written. */
export function logRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const show = guarded(readingAccess(context.options), {
    method: "get",
    path: "/log",
    tags,
    summary: "Read a build's log, as far as it is written",
    request: {
      query: z.object({
        job: z.string().optional().describe("Name of the job"),
        id: z.string().optional().describe("Build id"),
        container: z.string().optional().describe(
          "Accepted for Deck's clients: a build has one log",
        ),
      }),
    },
    responses: {
      200: {
        description: "The log",
        content: { "text/plain": { schema: z.string() } },
      },
      400: { description: "job or id is missing" },
      404: { description: "There is no such build, or it has not begun" },
    },
  });
  router.openapi(show, async (c) => {
    const { job, id } = c.req.valid("query");
    const run = await findBuild(context, job, id, readerOf(c));
    return c.body(
      logStream(context.logs, run),
      200,
      headers(context.options, plainText),
    );
  });
  return router;
}

async function findBuild(
  { runs }: DeckContext,
  job: string | undefined,
  id: string | undefined,
  reader: Principal | null,
): Promise<Run> {
  for (const [name, value] of Object.entries({ job, id })) {
    if (value) continue;
    throw new ApiError(
      "invalid",
      `request did not provide the '${name}' query parameter`,
    );
  }
  const notFound = (why: string) =>
    new ApiError("not_found", `Log not found: ${why}`);
  const number = /^[1-9]\d{0,14}$/.test(id ?? "") ? Number(id) : null;
  const run = number === null ? null : await runs.findByNumber(number);
  if (run === null || run.job !== job || !mayRead(run, reader)) {
    throw notFound("error getting prowjob: prowjob not found");
  }
  if (!hasBuild(run)) throw notFound("the job has not begun yet");
  return run;
}
