import type { RouteConfig } from "@hono/zod-openapi";
import * as z from "zod";
import { guarded } from "../../../http/guard.ts";

/** Responses whose JSON the handler writes itself, in Rails' form, so that its type says nothing. */
function written(responses: RouteConfig["responses"]) {
  return responses;
}

const text = { "text/html": { schema: z.string() } };

/** `GET /api/v1/test` */
export const listTests = guarded("tests:read", {
  method: "get",
  path: "/api/v1/test",
  summary: "List the tests that you requested, by last change",
  description:
    "Ask again with since set to until of the answer before: no change is missed, some come twice.",
  tags: ["Package tests (debci)"],
  parameters: [{
    name: "since",
    in: "query",
    description: "Seconds since 1970: only tests that changed then or later",
    schema: { type: "integer" },
  }, {
    name: "view",
    in: "query",
    description:
      "full adds id, state, queue_position, queued_seconds and log_url to each result",
    schema: { type: "string", enum: ["full"] },
  }],
  responses: written({
    200: {
      description:
        "The tests; `status` is null until one is over. `until` is the second of the last change of any test of yours",
      content: {
        "application/json": {
          schema: z.object({
            until: z.int(),
            results: z.array(z.record(z.string(), z.unknown())),
          }),
        },
      },
    },
    400: { description: "since is no number", content: text },
    403: {
      description: "No valid credential, or no permission",
      content: text,
    },
  }),
});
