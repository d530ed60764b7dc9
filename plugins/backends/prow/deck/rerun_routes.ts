import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import { toProwJob } from "../prowjob.ts";
import type { Options } from "../options.ts";
import { quote } from "../request_rules.ts";
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
import { planRerun, toRerun, toWaitingRun } from "./rerun.ts";
import { assertSameOrigin } from "./same_origin.ts";
import { printYaml } from "./yaml.ts";

const query = z.object({
  prowjob: z.string().optional().describe("The execution's id"),
  mode: z.string().optional().meta({
    description: "latest: with the job's configuration of now",
    enum: ["original", "latest"],
  }),
});
const refusals = {
  400: { description: "A parameter is not valid, or the job is gone" },
  404: { description: "There is no such ProwJob" },
};

const rerun = guarded("executions:create", {
  method: "post",
  path: "/rerun",
  tags,
  summary: "Run an execution's job again",
  request: { query },
  responses: {
    200: {
      description: "There is a new execution; Location has its ProwJob",
      content: { "text/plain": { schema: z.string() } },
    },
    403: { description: "The execution is somebody else's" },
    ...refusals,
  },
});

function previewRoute(options: Options) {
  return guarded(readingAccess(options), {
    method: "get",
    path: "/rerun",
    tags,
    summary: "Show the ProwJob that a rerun would make, in YAML",
    request: { query },
    responses: {
      200: {
        description: "The ProwJob; nothing is run",
        content: { "text/plain": { schema: z.string() } },
      },
      ...refusals,
    },
  });
}

/** `/rerun`: POST runs a job again, GET shows what that would make. */
export function rerunRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const { runs, options, baseUrl, now } = context;
  const router = createRouter();

  router.openapi(previewRoute(options), async (c) => {
    const { prowjob, mode } = c.req.valid("query");
    const run = await findProwJob(context, prowjob, readerOf(c));
    const again = await toRerun(context, run, readMode(mode));
    const made = toWaitingRun(run, again, crypto.randomUUID(), now());
    const shown = toProwJob(made, viewOf(context, c));
    return c.body(printYaml(shown), 200, headers(options, plainText));
  });

  router.openapi(rerun, async (c) => {
    assertSameOrigin(c.req.raw, baseUrl(c.req.raw));
    const { principal, alongside } = c.var;
    const { prowjob, mode } = c.req.valid("query");
    const run = await findProwJob(context, prowjob, principal);
    const { submission } = await planRerun(
      context,
      run,
      readMode(mode),
      principal,
    );
    const [made] = await runs.submit(principal, [submission], { alongside });
    if (made === undefined) {
      throw new TypeError("Cannot submit: no run came back");
    }
    return c.body(
      `Job successfully triggered. Its ProwJob is ${made.id}.`,
      200,
      {
        ...headers(options, plainText),
        location: `/prowjob?prowjob=${made.id}`,
      },
    );
  });
  return router;
}

/** Without a word, Deck repeats a job as it was. */
function readMode(mode = "original"): "original" | "latest" {
  if (mode === "" || mode === "original") return "original";
  if (mode === "latest") return "latest";
  throw new ApiError(
    "invalid",
    `Cannot rerun in the mode ${quote(mode)}: use latest or original`,
  );
}
