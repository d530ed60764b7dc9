import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../core/app_env.ts";
import type { Run } from "../../core/run.ts";
import { readRange } from "../../http/download.ts";
import { logStream } from "../../http/log_stream.ts";
import { createRouter } from "../../http/router.ts";
import { pageHeaders } from "../kit/page_headers.ts";
import { page } from "../kit/page_route.ts";
import { seeOther } from "../kit/respond.tsx";
import type { PagesParts } from "../parts.ts";
import { readingAccess } from "../scope.ts";
import { answerLines, answerSearch } from "./answer_lines.tsx";
import { findFailure } from "./failure.ts";
import type { LineIndexes } from "./indexes.ts";
import { lineCount } from "./line_index.ts";
import { readLineNumber, readSearch, searchRun } from "./log_search.ts";
import { readLines, type ReadLog } from "./read_lines.ts";
import {
  findShownLog,
  logPath,
  mayGrow,
  pagePath,
  type ShownLog,
} from "./shown_log.ts";
import { placeBefore } from "./whole_lines.ts";

/** Most lines of one answer. */
const maxLines = 1_000;

const params = z.object({ id: z.string() });

/** A run's log for the page of the run: as a file, as lines to show, and where things are in it. */
export function logRoutes(
  parts: PagesParts,
  indexes: LineIndexes,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const access = readingAccess(parts);
  const { logs } = parts;

  const file = page(access, {
    method: "get",
    path: "/runs/{id}/log",
    summary: "A run's log as a file; `Range` asks for a part of it",
    request: { params },
    responses: {
      200: { description: "The log so far" },
      206: { description: "The part that was asked for" },
    },
  });
  router.openapi(file, async (c) => {
    const { run } = await findShownLog(parts, c);
    return answerFile(parts, c, run);
  });

  const lines = page(access, {
    method: "get",
    path: "/runs/{id}/log/lines",
    summary: "Some lines of a run's log, as a piece of a page",
    request: {
      params,
      query: z.object({
        first: z.coerce.number().int().min(1).max(1e9).default(1),
        count: z.coerce.number().int().min(1).max(maxLines).default(250),
      }),
    },
    responses: { 200: { description: "A piece of a page" } },
  });
  router.openapi(lines, async (c) => {
    const { run } = await findShownLog(parts, c);
    const { first, count } = c.req.valid("query");
    const index = await indexes.of(run);
    return answerLines(
      await readLines(readerOfLog(run), index, first, count),
    );
  });

  const index = page(access, {
    method: "get",
    path: "/runs/{id}/log/index",
    summary: "How many lines a run's log has so far",
    request: { params },
    responses: {
      200: { description: "Lines, bytes, and whether it may grow" },
    },
  });
  router.openapi(index, async (c) => {
    const shown = await findShownLog(parts, c);
    const known = await indexes.of(shown.run);
    return c.json(
      {
        lines: lineCount(known),
        bytes: known.bytes,
        attempt: shown.run.attempt,
        isLive: mayGrow(shown),
      },
      200,
      { ...pageHeaders },
    );
  });

  const failure = page(access, {
    method: "get",
    path: "/runs/{id}/log/failure",
    summary: "Leads to the first line that says that something failed",
    request: { params },
    responses: {
      303: { description: "Where it is, else the log's end, or to look on" },
    },
  });
  router.openapi(failure, async (c) => {
    const shown = await findShownLog(parts, c);
    const { run } = shown;
    const first = readLineNumber(c.req.query("from"));
    const found = await findFailure(
      readerOfLog(run),
      run.logBytes,
      first === 1 ? undefined : placeBefore(await indexes.of(run), first),
      parts.giveWay,
    );
    switch (found.kind) {
      case "found":
        return toLine(shown, found.line);
      // Each request looks through a part, so that none takes long.
      case "more":
        return seeOther(logPath(shown, "/failure", { from: found.line }));
      case "none":
        return seeOther(pagePath(shown, { failure: "none" }, "#log-title"));
      default:
        return found satisfies never;
    }
  });

  const search = page(access, {
    method: "get",
    path: "/runs/{id}/log/search",
    summary: "Lines of a run's log that hold a text, as a piece of a page",
    request: { params },
    responses: { 200: { description: "A piece of a page" } },
  });
  router.openapi(search, async (c) => {
    const shown = await findShownLog(parts, c);
    const wanted = readSearch(c.req.query());
    if (wanted === null) return answerSearch(shown, null);
    const first = readLineNumber(c.req.query("from"));
    return answerSearch(
      shown,
      await searchRun(parts, indexes, shown.run, wanted, first),
    );
  });

  const end = page(access, {
    method: "get",
    path: "/runs/{id}/log/end",
    summary: "Leads to the last line of a run's log",
    request: { params },
    responses: { 303: { description: "Where it is" } },
  });
  router.openapi(end, async (c) => {
    const shown = await findShownLog(parts, c);
    return toLine(shown, lineCount(await indexes.of(shown.run)));
  });
  return router;

  function readerOfLog(run: Run): ReadLog {
    return (start, end) => logs.read(run, start, end);
  }
}

function toLine(shown: ShownLog, line: number): Response {
  const at = Math.max(1, line);
  return seeOther(pagePath(shown, { line: at }, `#L${at}`));
}

/** A job's words, so it is never a page: plain text that loads nothing. */
function answerFile(
  { logs }: PagesParts,
  c: Context<AppEnv>,
  run: Run,
): Response {
  const range = readRange(c.req.header("range"), run.logBytes);
  const { start, end } = range ?? { start: 0, end: run.logBytes };
  return new Response(logStream(logs, run, start, end), {
    status: range === undefined ? 200 : 206,
    headers: {
      ...pageHeaders,
      "content-security-policy": "sandbox; default-src 'none'",
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="run-${run.number}.log"`,
      "content-length": String(end - start),
      "accept-ranges": "bytes",
      ...range && {
        "content-range": `bytes ${start}-${end - 1}/${run.logBytes}`,
      },
    },
  });
}
