import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import type { Principal } from "../../../../core/principal.ts";
import type { Run } from "../../../../core/run.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import type { Options } from "../options.ts";
import { quote } from "../request_rules.ts";
import { mayRead } from "../../../../core/access.ts";
import {
  type DeckContext,
  headers,
  readerOf,
  readingAccess,
  tags,
  viewOf,
} from "./deck.ts";
import { pageHeaders } from "./html.ts";
import {
  historyPage,
  type HistoryPlace,
  isOf,
  readHistoryPath,
  toBuild,
} from "./job_history.ts";
import { scanRuns } from "./run_scan.ts";
import { noBucket } from "./storage_routes.ts";

/** Builds on a page, as in Deck. */
const pageLength = 20;

/** How far back from the newest build the way to newer pages is known. */
const maxNewer = 1000;

function showRoute(options: Options) {
  return guarded(readingAccess(options), {
    method: "get",
    path: "/job-history/{path{.+}}",
    tags,
    summary: "A page of a job's builds, newest first",
    request: {
      params: z.object({
        path: z.string().describe(
          "gs/BUCKET/logs/JOB, or gs/BUCKET/pr-logs/directory/JOB for presubmits",
        ),
      }),
      query: z.object({
        buildId: z.string().optional().describe("The first build to show"),
      }),
    },
    responses: {
      200: {
        description: "The page, with the builds in `var allBuilds = …`",
        content: { "text/html": { schema: z.string() } },
      },
      400: { description: "The path or buildId is not valid" },
      404: { description: "There is no such bucket, or no build of the job" },
    },
  });
}

/** `/job-history/…`: a job's builds as a page, which holds them as data too. */
export function jobHistoryRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const { options, now } = context;
  const router = createRouter();
  router.openapi(showRoute(options), async (c) => {
    const place = readHistoryPath(c.req.valid("param").path);
    const { bucket } = viewOf(context, c);
    if (place.bucket !== bucket) throw noBucket(place.bucket, bucket);
    const first = readBuildId(c.req.valid("query").buildId);
    const reader = readerOf(c);
    const runs = await buildsFrom(context, place, first, reader);
    const [newest] = runs;
    if (newest === undefined) {
      throw new ApiError(
        "not_found",
        `failed to get job history: failed to locate build data: ${
          quote(place.path)
        } has no builds`,
      );
    }
    const shown = runs.slice(0, pageLength);
    const html = historyPage({
      ...place,
      builds: shown.map((run) => toBuild(run, bucket, now())),
      older: runs[pageLength] ? String(runs[pageLength].number) : null,
      ...await newerPage(context, place, newest, reader),
    });
    return c.body(html, 200, { ...headers(options, ""), ...pageHeaders });
  });
  return router;
}

/** The builds of a page and the one behind it. */
async function buildsFrom(
  { runs }: DeckContext,
  place: HistoryPlace,
  first: number | null,
  reader: Principal | null,
): Promise<Run[]> {
  const found: Run[] = [];
  const filter = {
    job: place.job,
    ...first !== null && { before: first + 1 },
  };
  for await (const batch of scanRuns(runs, filter)) {
    found.push(
      ...batch.runs.filter((run) => isOf(place, run) && mayRead(run, reader)),
    );
    if (found.length > pageLength) break;
  }
  return found;
}

/** Where the page before begins, if that is not too far back to tell. */
async function newerPage(
  { runs }: DeckContext,
  place: HistoryPlace,
  first: Run,
  reader: Principal | null,
): Promise<{ newer: string | null; isLatest: boolean }> {
  const last = await runs.summaries({ job: place.job, limit: maxNewer }, [
    "type",
    "refs",
  ]);
  const newer = last.filter((run) =>
    run.number > first.number && isOf(place, run) && mayRead(run, reader)
  );
  if (newer.length === 0) return { newer: null, isLatest: true };
  const isCut = last.length === maxNewer &&
    last.every(({ number }) => number > first.number);
  if (isCut) return { newer: null, isLatest: false };
  const start = newer.at(-pageLength);
  return { newer: start ? String(start.number) : "", isLatest: false };
}

function readBuildId(text = ""): number | null {
  if (text === "") return null;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new ApiError(
    "invalid",
    `failed to get job history: invalid value for buildId: ${quote(text)}`,
  );
}
