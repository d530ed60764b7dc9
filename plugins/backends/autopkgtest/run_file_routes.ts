import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Run } from "../../../core/run.ts";
import { mayRead } from "../../../core/access.ts";
import { createRouter } from "../../../http/router.ts";
import {
  cacheControl,
  hasPrefix,
  isListed,
  nothingAt,
  readerOf,
} from "./data.ts";
import { runFileOperations } from "./data_operations.ts";
import { runFolder } from "./data_path.ts";
import type { Options } from "./options.ts";
import { listRunFiles, sendRunFile } from "./run_file.ts";

/** `/data/autopkgtest/…`: the files of a test, for those who may see it. */
export function runFileRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { options } = context;
  const { showFile, listFiles, listFolder } = runFileOperations(options);
  const app = createRouter();

  app.openapi(showFile, async (c) => {
    const run = await findRun(context, c);
    const file = await sendRunFile(
      context,
      run,
      c.req.param("file"),
      c.req.raw,
    );
    if (file === null) throw nothingAt(c);
    file.headers.set("cache-control", cacheOf(run, options));
    return file;
  });

  const list = async (c: Context<AppEnv>) => {
    const run = await findRun(context, c);
    const names = await listRunFiles(context, run);
    return new Response(folderPage(run, names), {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": cacheOf(run, options),
      },
    });
  };
  app.openapi(listFiles, list);
  app.openapi(listFolder, list);
  return app;
}

/**
 * The run whose files the path names.
 *
 * @throws ApiError `not_found`, alike for one that is not there, lies elsewhere or is private to others.
 */
async function findRun(
  context: BackendContext<Options>,
  c: Context<AppEnv>,
): Promise<Run> {
  const reader = await readerOf(c, context.options);
  const number = c.req.param("run") ?? "";
  const run = /^[1-9]\d{0,14}$/.test(number)
    ? await context.runs.findByNumber(Number(number))
    : null;
  if (run === null || !isAt(run, c, reader, context.options)) {
    throw nothingAt(c);
  }
  return run;
}

function isAt(
  run: Run,
  c: Context<AppEnv>,
  reader: Principal | null,
  options: Options,
): boolean {
  const { suite = "", arch = "", prefix = "", package: name } = c.req.param();
  return mayRead(run, reader) && run.job === name && hasPrefix(name, prefix) &&
    run.request.suite === suite && run.request.arch === arch &&
    isListed({ suite, arch }, options);
}

/** What is not for all is kept nowhere. */
function cacheOf({ isPrivate }: Run, options: Options): string {
  return isPrivate ? "private, no-store" : cacheControl(options);
}

/** Names of packages, suites and files are plain, so nothing of it has to be escaped. */
function folderPage(run: Run, names: readonly string[]): string {
  const { suite, arch } = run.request;
  const place = {
    suite: String(suite),
    arch: String(arch),
    package: run.job,
    number: run.number,
  };
  const title = `${run.job} in ${suite} on ${arch}, test ${run.number}`;
  const items = names.map((name) =>
    `<li><a href="${runFolder(place)}/${name}">${name}</a></li>\n`
  );
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body>
<h1>${title}</h1>
<ul>
${items.join("")}</ul>
</body>
</html>
`;
}
