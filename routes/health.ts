import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { type Database, sql } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { guarded } from "../http/guard.ts";
import { createRouter } from "../http/router.ts";

/** How long the store may take before the server calls itself not ready. */
const probeTimeoutMs = 2_000;

/** How long one probe's verdict is told, so that asking often costs the store nothing. */
const probeEveryMs = 1_000;

/** With this much room left inside its file, the store needs not be able to grow. */
const sparePages = 16;

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
export function healthRoutes(
  database: Database,
  now: () => number,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  let probedAt = -Infinity;
  let verdict = Promise.resolve();
  router.openapi(livez, (c) => c.text("ok\n", 200));
  router.openapi(readyz, async (c) => {
    if (now() - probedAt >= probeEveryMs) {
      probedAt = now();
      verdict = withDeadline(probe(database));
    }
    await verdict;
    return c.text("ok\n", 200);
  });
  return router;
}

/**
 * Really writes, and more than fits into the free pages of the file: on a full
 * disk reads, the write lock and overwriting go on working for a while. What is
 * written goes again at once; its pages are what later probes and requests fill.
 */
async function probe(database: Database): Promise<void> {
  await database.batch([
    sql`insert into probe (one, bytes)
        select 1, zeroblob((min(freelist_count, ${sparePages}) + 2) * 4096) from pragma_freelist_count`,
    sql`delete from probe`,
  ]);
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
