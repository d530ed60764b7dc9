import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { mayControl } from "../core/access.ts";
import type { AppEnv } from "../core/app_env.ts";
import type { Artifact } from "../core/artifact.ts";
import type { Description } from "../core/backend.ts";
import { ApiError } from "../core/error.ts";
import { allows } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import { isEnd, type Run } from "../core/run.ts";
import { download } from "../http/download.ts";
import { createRouter } from "../http/router.ts";
import type { LineIndexes } from "./log/indexes.ts";
import { emptyIndex, extendIndex, pieceBytes } from "./log/line_index.ts";
import { LogView, pageLines, pageStart } from "./log/log_view.tsx";
import { readLines } from "./log/read_lines.ts";
import { readPageForm } from "./kit/form.tsx";
import { page, readerOf } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";
import { answerPage, seeOther } from "./kit/respond.tsx";
import { RunFacts } from "./run_facts.tsx";
import { findReadable, readingAccess } from "./scope.ts";
import { sizeText } from "./kit/size.ts";
import { readReports, TestReports } from "./test_reports.tsx";
import { Name, visible } from "./kit/text.tsx";

const params = z.object({ id: z.string() });

/** Files that are listed; the API lists all of them. */
const maxListed = 200;

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
    const run = await findReadable(parts, c);
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
  return router;
}

async function showRun(
  parts: PagesParts,
  indexes: LineIndexes,
  c: Context<AppEnv>,
): Promise<Response> {
  const { artifacts, now } = parts;
  const reader = readerOf(c);
  const run = await findReadable(parts, c);
  const first = pageStart(readLine(c.req.query("line")));
  const [log, files] = await Promise.all([
    readLog(parts, indexes, run, first),
    artifacts.list(run),
  ]);
  const reports = await readReports(parts, run, files);
  const description = describe(parts, run);
  return answerPage(c, {
    title: `#${run.number} ${visible(description.title)}`,
    scripts: ["log.js", ...isEnd(run.state) ? [] : ["live.js" as const]],
    ...!isEnd(run.state) && { refreshSeconds: 10 },
    children: (
      <>
        <h1>
          <Name text={description.title} /> <small>#{run.number}</small>
        </h1>
        <RunFacts
          c={c}
          run={run}
          description={description}
          actions={actionsOf(parts, run, reader)}
          now={now()}
        />
        <TestReports reports={reports} />
        <Files run={run} files={files} />
        <LogView run={run} first={first} {...log} />
      </>
    ),
  });
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

function readLine(text: string | undefined): number {
  return /^[1-9]\d{0,8}$/.test(text ?? "") ? Number(text) : 1;
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

function Files(
  { run, files }: { run: Run; files: readonly Artifact[] },
) {
  if (files.length === 0) return null;
  return (
    <section aria-labelledby="files-title">
      <h2 id="files-title">
        Files <small>{files.length}</small>
      </h2>
      <ul>
        {files.slice(0, maxListed).map(({ path, sizeBytes }) => (
          <li>
            <a
              href={`/runs/${run.number}/files/${
                path.split("/").map(encodeURIComponent).join("/")
              }`}
            >
              <Name text={path} />
            </a>{" "}
            <small>{sizeText(sizeBytes)}</small>
          </li>
        ))}
      </ul>
      {files.length > maxListed && (
        <p>
          The first {maxListed} of {files.length}; all:{" "}
          <a href={`/v1/runs/${run.id}/artifacts`}>JSON</a>
        </p>
      )}
    </section>
  );
}
