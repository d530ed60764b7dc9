import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { type Database, sql } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { guarded } from "../http/guard.ts";
import { createRouter } from "../http/router.ts";

/** How long the store may take before the server calls itself not ready. */
const probeTimeoutMs = 2_000;

const livez = guarded("public", {
  method: "get",
  path: "/livez",
  summary: "Whether the process answers",
  responses: {
    200: {
      description: "It does",
      content: { "text/plain": { schema: z.string() } },
    },
  },
});

const readyz = guarded("public", {
  method: "get",
  path: "/readyz",
  summary: "Whether requests can be served: the store takes writes",
  responses: {
    200: {
      description: "Ready",
      content: { "text/plain": { schema: z.string() } },
    },
    503: {
      description:
        "The store does not take writes, or has another version's schema",
    },
  },
});

/** Liveness and readiness. */
export function healthRoutes(database: Database): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(livez, (c) => c.text("ok\n", 200));
  router.openapi(readyz, async (c) => {
    await withDeadline(probe(database));
    return c.text("ok\n", 200);
  });
  return router;
}

/** Takes the write lock: a server that hangs on writes may still answer reads. */
async function probe(database: Database): Promise<void> {
  await database.batch([sql`update queue set key = key where key = ''`]);
}

async function withDeadline(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () =>
      reject(
        new ApiError(
          "unavailable",
          `Cannot serve: the store took no write within ${probeTimeoutMs} ms`,
        ),
      ),
    probeTimeoutMs,
  );
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
