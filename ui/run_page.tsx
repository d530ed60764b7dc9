import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { mayControl } from "../core/access.ts";
import type { AppEnv } from "../core/app_env.ts";
import type { Description } from "../core/backend.ts";
import { ApiError } from "../core/error.ts";
import { allows } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import { isEnd, type Run } from "../core/run.ts";
import { waitingMessage } from "../core/waiting.ts";
import { download } from "../http/download.ts";
import { createRouter } from "../http/router.ts";
import type { LineIndexes } from "./log/indexes.ts";
import { emptyIndex, extendIndex, pieceBytes } from "./log/line_index.ts";
import { readLineNumber, readSearch, searchRun } from "./log/log_search.ts";
import { LogView, pageLines, pageStart } from "./log/log_view.tsx";
import { readLines } from "./log/read_lines.ts";
import { findShownLog, type ShownLog, toShownLog } from "./log/shown_log.ts";
import { readPageForm } from "./kit/form.tsx";
import { page, readerOf } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";
import { answerPage, seeOther } from "./kit/respond.tsx";
import { RunCommand } from "./run_command.tsx";
import { RunFacts } from "./run_facts.tsx";
import { Files } from "./run_files.tsx";
import { mayPublish, PublishForm, publishing } from "./run_publish.tsx";
import { findReadable, readingAccess } from "./scope.ts";
import { readReports, TestReports } from "./test_reports.tsx";
import { Name, visible } from "./kit/text.tsx";

const params = z.object({ id: z.string() });

/** `/runs/ID`: one run, what it left behind, and what to do with it. */
export function runPage(
  parts: PagesParts,
  indexes: LineIndexes,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const access = readingAccess(parts);
  const show = page(access, {
    method: "get",
    path: "/runs/{id}",
    summary: "One run: facts, files, log",
    request: { params },
    responses: { 200: { description: "A page" } },
  });
  router.openapi(show, (c) => showRun(parts, indexes, c));

  const file = page(access, {
    method: "get",
    path: "/runs/{id}/files/{path{.+}}",
    summary: "A file that a run left behind",
    request: { params: z.object({ id: z.string(), path: z.string() }) },
    responses: { 200: { description: "The file" } },
  });
  router.openapi(file, async (c) => {
    const { run } = await findShownLog(parts, c);
    const { path } = c.req.valid("param");
    const found = await parts.artifacts.open(run, path);
    if (found === null) {
      throw new ApiError(
        "not_found",
        `Cannot find the file: run ${run.number} has none of this name`,
      );
    }
    if (c.req.method === "HEAD") await found.body.cancel();
    return download(found.artifact, found.body);
  });

  const cancel = page("runs:cancel", {
    method: "post",
    path: "/runs/{id}/cancel",
    summary: "Cancel a run, from its page",
    request: { params },
    responses: { 303: { description: "Back to the run" } },
  });
  router.openapi(cancel, async (c) => {
    const run = await findReadable(parts, c);
    if (!mayControl(run, c.var.principal)) {
      throw new ApiError(
        "forbidden",
        `Cannot cancel run ${run.number}: it is ${run.owner.name}'s`,
      );
    }
    await readPageForm(c);
    await parts.runs.cancel(run);
    return seeOther(`/runs/${run.number}`);
  });

  const publish = page(publishing, {
    method: "post",
    path: "/runs/{id}/publish",
    summary: "Make a private run of yours public, from its page",
    request: { params },
    responses: { 303: { description: "Back to the run" } },
  }, { action: "runs:publish" });
  router.openapi(publish, async (c) => {
    const run = await findReadable(parts, c);
    const { principal } = c.var;
    if (!mayPublish(run, principal)) {
      throw new ApiError(
        "forbidden",
        `Cannot make run ${run.number} public: it is ${run.owner.name}'s`,
      );
    }
    await readPageForm(c);
    await parts.runs.publish(run, principal);
    return seeOther(`/runs/${run.number}`);
  });
  return router;
}

async function showRun(
  parts: PagesParts,
  indexes: LineIndexes,
  c: Context<AppEnv>,
): Promise<Response> {
  const reader = readerOf(c);
  const run = await findReadable(parts, c);
  const attempts = await parts.attempts.of(run);
  const shown = toShownLog(run, attempts, c.req.query("attempt"));
  const [log, files, waiting] = await Promise.all([
    readLogPage(parts, indexes, shown, c.req.query()),
    parts.artifacts.list(shown.run),
    parts.runs.waiting(run),
  ]);
  const reports = await readReports(parts, shown.run, files);
  const description = describe(parts, run);
  const isLive = !isEnd(run.state);
  return answerPage(c, {
    title: `#${run.number} ${visible(description.title)}`,
    scripts: [
      "log.js",
      "log_search.js",
      "copy.js",
      ...isLive ? ["live.js" as const] : [],
    ],
    ...isLive && { refreshSeconds: 10 },
    children: (
      <>
        <h1>
          <Name text={description.title} /> <small>#{run.number}</small>
        </h1>
        <RunFacts
          c={c}
          run={run}
          attempts={attempts}
          namesRunners={reader !== null}
          description={description}
          actions={actionsOf(parts, run, reader)}
          message={waiting === null
            ? run.message
            : waitingMessage(waiting, run.message)}
          now={parts.now()}
        />
        {run.isPrivate && reader !== null && mayPublish(run, reader) && (
          <PublishForm c={c} run={run} isPublished={isPublished(parts, run)} />
        )}
        <RunCommand
          request={description.request}
          origin={parts.baseUrl(c.req.raw)}
        />
        <div id="left-behind" {...isLive && { "data-live": "" }}>
          <TestReports reports={reports} />
          <Files shown={shown} files={files} />
        </div>
        <LogView shown={shown} log={log} />
      </>
    ),
  });
}

function isPublished({ backends }: PagesParts, run: Run): boolean {
  return backends.some(({ name, isPublic }) =>
    isPublic && name === run.backend
  );
}

/** What the query asks of the log: a page of lines, and lines that hold a text. */
async function readLogPage(
  parts: PagesParts,
  indexes: LineIndexes,
  { run }: ShownLog,
  query: Readonly<Record<string, string>>,
) {
  const search = readSearch(query);
  const from = readLineNumber(query.from);
  const searched = search === null
    ? null
    : await searchRun(parts, indexes, run, search, from);
  const first = pageStart(readLineNumber(query.line));
  return {
    ...await readLog(parts, indexes, run, first),
    first,
    searched,
    isFailureMissing: query.failure === "none",
  };
}

/** A page of the log. The first needs no index of all of it. */
async function readLog(
  { logs }: PagesParts,
  indexes: LineIndexes,
  run: Run,
  first: number,
) {
  const read = (start: number, end: number) => logs.read(run, start, end);
  const beginning = Math.min(run.logBytes, 2 * pieceBytes);
  const index = first === 1
    ? extendIndex(emptyIndex, await read(0, beginning))
    : await indexes.of(run);
  const lines = await readLines(read, index, first, pageLines);
  const isAll = index.bytes >= run.logBytes;
  // What is cut off in the middle belongs to the next page.
  const whole = isAll || lines.length === pageLines || lines.length < 2
    ? lines
    : lines.slice(0, -1);
  return { lines: whole, hasMore: !isAll || lines.length === pageLines };
}

/** A run of a backend that is no longer loaded is shown too. */
function describe({ backends }: PagesParts, run: Run): Description {
  return backends.find(({ name }) => name === run.backend)?.describe(run) ??
    { title: run.job, facts: [], links: [] };
}

function actionsOf(parts: PagesParts, run: Run, reader: Principal | null) {
  return {
    mayCancel: reader !== null && mayControl(run, reader) &&
      allows(reader.permissions, "runs:cancel"),
    // The backend has the last word, and says why not.
    mayRetry: reader !== null && allows(reader.permissions, "runs:create") &&
      parts.runs.canRetry(run),
  };
}
