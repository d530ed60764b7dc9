import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import { toProwJob } from "../prowjob.ts";
import {
  type DeckContext,
  findProwJob,
  headers,
  plainText,
  readerOf,
  readingAccess,
  tags,
  viewOf,
} from "./deck.ts";
import { printYaml } from "./yaml.ts";

/** `/prowjob`: what most clients learn a job's state, URL and build id from (gangway 100). */
export function prowJobRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const show = guarded(readingAccess(context.options), {
    method: "get",
    path: "/prowjob",
    tags,
    summary: "Show an execution as Prow's custom resource, in YAML",
    request: {
      query: z.object({
        prowjob: z.string().optional().describe("The execution's id"),
      }),
    },
    responses: {
      200: {
        description: "The ProwJob",
        content: { "text/plain": { schema: z.string() } },
      },
      400: { description: "prowjob is missing" },
      404: { description: "There is no such ProwJob" },
    },
  });
  router.openapi(show, async (c) => {
    const { prowjob } = c.req.valid("query");
    const run = await findProwJob(context, prowjob, readerOf(c));
    const text = printYaml(toProwJob(run, viewOf(context, c)));
    return c.body(text, 200, headers(context.options, plainText));
  });
  return router;
}
