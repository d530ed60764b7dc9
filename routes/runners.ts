import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import type { Permission } from "../core/permission.ts";
import { offerSchema } from "../core/protocol.ts";
import type { Runner, RunnerStore } from "../db/runner_store.ts";
import { guarded } from "../http/guard.ts";
import { nativeQuery } from "../http/query.ts";
import { createRouter } from "../http/router.ts";

/** Runners that were not heard of for this long are not listed unless all are asked for. */
export const listedMs = 7 * 86_400_000;

const runnerSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(["active", "paused", "revoked"]),
  offers: z.array(offerSchema),
  version: z.string(),
  registeredAt: z.number(),
  seenAt: z.number(),
});

const list = guarded("runners:read", {
  method: "get",
  path: "/v1/runners",
  summary: "List runners, the one that was seen last first",
  request: {
    query: nativeQuery({
      all: z.stringbool().default(false).describe(
        "Also those that were not seen for a week",
      ),
    }),
  },
  responses: {
    200: {
      description: "The runners. Times are epoch milliseconds",
      content: {
        "application/json": {
          schema: z.object({ runners: z.array(runnerSchema) }),
        },
      },
    },
  },
});

const changes = {
  pause: "Give a runner nothing new, from its next question on",
  resume: "Give a paused runner work again",
  revoke: "Shut a runner out for good; its runs go to others at once",
} as const;

function changing<Verb extends keyof typeof changes>(verb: Verb) {
  return guarded("runners:manage", {
    method: "post",
    path: `/v1/runners/{id}/${verb}`,
    summary: changes[verb],
    request: { params: z.object({ id: z.string() }), query: nativeQuery({}) },
    responses: {
      200: {
        description: "The runner; doing it again changes nothing",
        content: { "application/json": { schema: runnerSchema } },
      },
      404: { description: "No such runner" },
    },
  }, { action: `runners:${verb}` satisfies Permission });
}

/** The native routes on runners. */
export function runnerAdminRoutes(
  runners: RunnerStore,
  now: () => number,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(list, async (c) => {
    const { all } = c.req.valid("query");
    const found = await runners.list(all ? null : now() - listedMs);
    return c.json({ runners: found.map(toRunnerJson) }, 200);
  });
  for (const verb of ["pause", "resume", "revoke"] as const) {
    router.openapi(changing(verb), async (c) => {
      const runner = await runners[verb](c.req.valid("param").id);
      if (runner !== null) return c.json(toRunnerJson(runner), 200);
      // What was asked for may be a token, so it is not repeated.
      throw new ApiError(
        "not_found",
        `Cannot ${verb} the runner: there is none of this id; GET /v1/runners lists them`,
      );
    });
  }
  return router;
}

/** Whether a runner gets work. */
export function runnerState(
  { pausedAt, revokedAt }: Runner,
): z.output<typeof runnerSchema>["state"] {
  if (revokedAt !== null) return "revoked";
  return pausedAt === null ? "active" : "paused";
}

function toRunnerJson(runner: Runner): z.output<typeof runnerSchema> {
  const { id, name, offers, version, registeredAt, seenAt } = runner;
  return {
    id,
    name,
    state: runnerState(runner),
    offers: offers.map((offer) =>
      Object.fromEntries(
        Object.entries(offer).map(([label, values]) => [label, [...values]]),
      )
    ),
    version,
    registeredAt,
    seenAt,
  };
}
