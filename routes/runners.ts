import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { mayRead } from "../core/access.ts";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import { allows, type Permission } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import { offerSchema } from "../core/protocol.ts";
import type { RunSummary } from "../core/run.ts";
import type { Runner } from "../db/runner_store.ts";
import type { Store } from "../db/store.ts";
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
  running: z.int().describe(
    "How many runs it has: all of them for who manages runners, else those that you may see",
  ),
  runs: z.array(z.int()).describe(
    "The numbers of those that you may see, the newest first",
  ),
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

const params = z.object({ id: z.string() });

const oneRunner = (description: string) => ({
  200: {
    description,
    content: { "application/json": { schema: runnerSchema } },
  },
  404: { description: "No such runner" },
});

const show = guarded("runners:read", {
  method: "get",
  path: "/v1/runners/{id}",
  summary: "Show a runner and what it runs",
  request: { params, query: nativeQuery({}) },
  responses: oneRunner("The runner. Times are epoch milliseconds"),
});

const changes = {
  pause: "Give a runner nothing new; what it has it finishes",
  resume: "Give a paused runner work again",
  revoke: "Shut a runner out for good; its runs go to others at once",
} as const;

function changing<Verb extends keyof typeof changes>(verb: Verb) {
  return guarded("runners:manage", {
    method: "post",
    path: `/v1/runners/{id}/${verb}`,
    summary: changes[verb],
    request: { params, query: nativeQuery({}) },
    responses: oneRunner("The runner; doing it again changes nothing"),
  }, { action: `runners:${verb}` satisfies Permission });
}

/** The native routes on runners. */
export function runnerAdminRoutes(
  { runners, runs }: Pick<Store, "runners" | "runs">,
  now: () => number,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  /** What runners have in hand. */
  const inHand = (runner?: string) =>
    runs.summaries({
      states: ["claimed", "running"],
      ...(runner === undefined ? {} : { runner }),
    }, []);
  router.openapi(list, async (c) => {
    const { all } = c.req.valid("query");
    const found = await runners.list(all ? null : now() - listedMs);
    const live = Map.groupBy(await inHand(), ({ runnerId }) => runnerId);
    const shown = found.map((runner) =>
      toRunnerJson(runner, live.get(runner.id) ?? [], c.var.principal)
    );
    return c.json({ runners: shown }, 200);
  });
  router.openapi(show, async (c) => {
    const runner = await runners.find(c.req.valid("param").id);
    if (runner === null) throw noRunner("show");
    const live = await inHand(runner.id);
    return c.json(toRunnerJson(runner, live, c.var.principal), 200);
  });
  for (const verb of ["pause", "resume", "revoke"] as const) {
    router.openapi(changing(verb), async (c) => {
      const runner = await runners[verb](c.req.valid("param").id);
      if (runner === null) throw noRunner(verb);
      const live = await inHand(runner.id);
      return c.json(toRunnerJson(runner, live, c.var.principal), 200);
    });
  }
  return router;
}

/** What was asked for may be a token, so it is not repeated. */
function noRunner(verb: string): ApiError {
  return new ApiError(
    "not_found",
    `Cannot ${verb} the runner: there is none of this id; GET /v1/runners lists them`,
  );
}

/** Whether a runner gets work. */
export function runnerState(
  { pausedAt, revokedAt }: Runner,
): z.output<typeof runnerSchema>["state"] {
  if (revokedAt !== null) return "revoked";
  return pausedAt === null ? "active" : "paused";
}

function toRunnerJson(
  runner: Runner,
  live: readonly RunSummary[],
  reader: Principal,
): z.output<typeof runnerSchema> {
  const visible = live.filter((run) => mayRead(run, reader));
  const isManager = allows(reader.permissions, "runners:manage");
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
    running: (isManager ? live : visible).length,
    runs: visible.map(({ number }) => number),
  };
}
