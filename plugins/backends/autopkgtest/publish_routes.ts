import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import { guarded } from "../../../http/guard.ts";
import { createRouter } from "../../../http/router.ts";
import { refused, runIds, string, tags } from "./operations.ts";
import type { Options } from "./options.ts";
import { type Params, readParams } from "./params.ts";
import { writtenReply } from "./reply.ts";

const publishTests = guarded("tests:create", {
  method: "post",
  path: "/api/v1/test/publish",
  summary: "Make private tests of yours public",
  description:
    "Always 200: what is no number, and tests that are public already, unknown or somebody else's, are left as they are. There is no way back.",
  tags,
  requestBody: {
    content: {
      "application/x-www-form-urlencoded": {
        schema: {
          type: "object",
          properties: {
            run_ids: { ...string, description: "Numbers of tests: 7,8" },
          },
        },
      },
    },
  },
  responses: {
    200: {
      description:
        "The body is empty; with `Accept: application/json` it has the numbers of those that are public now and were not before",
      content: runIds,
    },
    403: refused[403],
  },
});

/** `POST /api/v1/test/publish` (wire 1.7). */
export function publishRoutes(
  { options, runs }: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();
  app.openapi(publishTests, async (c) => {
    const caller = c.var.principal;
    const params = await readParams(c.req.raw, options.maxUploadBytes);
    const published = await runs.publish(caller, readRunIds(params));
    return writtenReply(200, c.req.raw, published, caller);
  });
  return app;
}

/** Numbers between commas; what is none is left out (debci 52). */
function readRunIds(params: Params): number[] {
  const given = params.get("run_ids");
  if (given?.kind !== "text") return [];
  return given.text.split(",").map((word) => word.trim())
    .filter((word) => /^\d{1,15}$/.test(word)).map(Number);
}
