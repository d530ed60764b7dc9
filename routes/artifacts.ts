import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import type { Run } from "../core/run.ts";
import type { Store } from "../db/store.ts";
import { download, notModified, rangeOf, readRange } from "../http/download.ts";
import { guarded } from "../http/guard.ts";
import { nativeQuery } from "../http/query.ts";
import { createRouter } from "../http/router.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { findVisible } from "./visible_run.ts";

const artifactSchema = z.object({
  path: z.string(),
  sizeBytes: z.int(),
  sha256: z.string(),
  contentType: z.string(),
});

const list = guarded("runs:read", {
  method: "get",
  path: "/v1/runs/{id}/artifacts",
  summary: "List the files that a run left behind",
  request: {
    params: z.object({ id: z.string() }),
    query: nativeQuery({}),
  },
  responses: {
    200: {
      description: "The files of the latest attempt, by path",
      content: {
        "application/json": {
          schema: z.object({ artifacts: z.array(artifactSchema) }),
        },
      },
    },
    404: { description: "No such run, or not one that you may see" },
  },
});

const show = guarded("runs:read", {
  method: "get",
  path: "/v1/runs/{id}/artifacts/{path{.+}}",
  summary: "Download a file that a run left behind",
  request: {
    params: z.object({ id: z.string(), path: z.string() }),
    query: nativeQuery({}),
  },
  responses: {
    200: { description: "The file; `Range` asks for a part of it" },
    206: { description: "The part that was asked for" },
    304: { description: "It is the one that `If-None-Match` names" },
    404: { description: "No such run or file" },
    416: { description: "The part lies behind the end" },
  },
});

/** The native routes on artifacts. */
export function artifactRoutes(
  store: Store,
  dispatcher: Dispatcher,
): OpenAPIHono<AppEnv> {
  const router = createRouter();
  router.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    const run = await findVisible(store, dispatcher, id, c.var.principal);
    const artifacts = (await store.artifacts.list(run)).map((
      { path, sizeBytes, sha256, contentType },
    ) => ({ path, sizeBytes, sha256, contentType }));
    return c.json({ artifacts }, 200);
  });
  router.openapi(show, async (c) => {
    const { id, path } = c.req.valid("param");
    const run = await findVisible(store, dispatcher, id, c.var.principal);
    const known = (await store.artifacts.list(run)).find((each) =>
      each.path === path
    );
    if (known === undefined) throw noFile(path, run);
    const unchanged = notModified(known, c.req.header("if-none-match"));
    if (unchanged !== undefined) return unchanged;
    const header = rangeOf(known, c.req.raw.headers);
    const range = readRange(header, known.sizeBytes);
    // Nobody would read, or close, the file of a HEAD.
    if (c.req.method === "HEAD") {
      return download(known, new Blob([]).stream(), range);
    }
    const found = await store.artifacts.open(run, path, range);
    if (!found) throw noFile(path, run);
    return download(found.artifact, found.body, range);
  });
  return router;
}

function noFile(path: string, run: Run): ApiError {
  return new ApiError(
    "not_found",
    `Cannot find ${JSON.stringify(path)}: run ${run.number} has no such file`,
  );
}
