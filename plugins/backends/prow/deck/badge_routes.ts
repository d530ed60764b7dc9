import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { sha256Hex } from "../../../../core/id.ts";
import type { Principal } from "../../../../core/principal.ts";
import { endStates, type RunSummary } from "../../../../core/run.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import { executionStatus } from "../execution_status.ts";
import type { Options } from "../options.ts";
import { mayRead } from "../../../../core/access.ts";
import {
  type DeckContext,
  headers,
  readerOf,
  readingAccess,
  tags,
} from "./deck.ts";
import { globMatcher, isPlain } from "./glob.ts";
import { maxScanned } from "./run_scan.ts";
import { drawBadge, toBadge } from "./shield.ts";

/** Jobs and patterns of one badge. */
const maxPatterns = 20;

/** A cancelled run says nothing of a job. */
const telling = endStates.filter((state) => state !== "aborted");

function showRoute(options: Options) {
  return guarded(readingAccess(options), {
    method: "get",
    path: "/badge.svg",
    tags,
    summary: "Draw whether jobs pass",
    request: {
      query: z.object({
        jobs: z.string().max(2000).optional().describe(
          `Names, or patterns such as pull-*, with commas between, at most ${maxPatterns}`,
        ),
      }),
    },
    responses: {
      200: {
        description: "The badge",
        content: { "image/svg+xml": { schema: z.string() } },
      },
      304: { description: "The badge has not changed" },
      400: { description: "jobs is missing, or too long" },
    },
  });
}

/** `/badge.svg`: whether the last run of each job that ended did well. Deck also counts those that still run as passing. */
export function badgeRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const { options } = context;
  const router = createRouter();
  router.openapi(showRoute(options), async (c) => {
    const patterns = readPatterns(c.req.valid("query").jobs);
    const runs = await lastRuns(context, patterns, readerOf(c));
    const results = runs.map(({ job, state }) => ({
      job,
      status: executionStatus(state),
    }));
    const svg = drawBadge(toBadge(results));
    const etag = `"${await sha256Hex(svg)}"`;
    const head = {
      ...headers(options, "image/svg+xml"),
      "cache-control": "no-cache",
      "content-security-policy": "default-src 'none'",
      etag,
    };
    return isKnown(c.req.header("if-none-match"), etag)
      ? c.body(null, 304, head)
      : c.body(svg, 200, head);
  });
  return router;
}

function readPatterns(jobs = ""): string[] {
  if (jobs === "") {
    throw new ApiError("invalid", "missing jobs query parameter");
  }
  const patterns = jobs.split(",");
  if (patterns.length <= maxPatterns) return patterns;
  throw new ApiError(
    "invalid",
    `Cannot draw the badge: it has ${patterns.length} jobs and patterns, use at most ${maxPatterns}`,
  );
}

/** The last run of each job that one of the patterns fits. */
async function lastRuns(
  { runs }: DeckContext,
  patterns: readonly string[],
  reader: Principal | null,
): Promise<RunSummary[]> {
  const filter = { states: telling };
  const names = new Set(patterns.filter(isPlain));
  const globs = patterns.filter((each) => !isPlain(each)).map(globMatcher);
  const named = await Promise.all(
    Array.from(
      names,
      (job) => runs.summaries({ ...filter, job, limit: 20 }, []),
    ),
  );
  const any = globs.length === 0
    ? []
    : await runs.summaries({ ...filter, limit: maxScanned }, []);
  const fitting = any.filter(({ job }) => globs.some((fits) => fits(job)));
  const last = new Map<string, RunSummary>();
  for (const run of [...named.flat(), ...fitting]) {
    if (mayRead(run, reader) && !last.has(run.job)) last.set(run.job, run);
  }
  return [...last.values()];
}

/** RFC 9110, 13.1.2. */
function isKnown(header: string | undefined, etag: string): boolean {
  const known = (header ?? "").split(",").map((each) =>
    each.trim().replace(/^W\//, "")
  );
  return known.includes(etag) || known.includes("*");
}
