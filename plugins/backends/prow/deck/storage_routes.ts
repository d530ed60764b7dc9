import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { download, readRange } from "../../../../http/download.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import type { Options } from "../options.ts";
import { quote } from "../request_rules.ts";
import type { StoredFile } from "./build_files.ts";
import {
  type DeckContext,
  headers,
  readerOf,
  readingAccess,
  tags,
  viewOf,
} from "./deck.ts";
import { pageHeaders } from "./html.ts";
import { listingPage, toListingJson } from "./listing.ts";
import { Storage } from "./storage.ts";

function showRoute(options: Options) {
  return guarded(readingAccess(options), {
    method: "get",
    path: "/storage/{bucket}/{path{.+}}",
    tags,
    summary: "Download a file of a build, or list a folder of files or builds",
    description:
      "Below logs/JOB/BUILD and pr-logs/pull/ORG_REPO/PULL/JOB/BUILD; latest-build.txt of a job, and pr-logs/directory/JOB/BUILD.txt. A folder is a page, or JSON with format=json.",
    request: {
      params: z.object({ bucket: z.string(), path: z.string() }),
      query: z.object({
        format: z.enum(["json", "html"]).optional(),
      }),
    },
    responses: {
      200: { description: "The file, or what is in the folder" },
      206: { description: "The part of the file that Range asks for" },
      404: { description: "There is nothing there" },
      416: { description: "The part lies behind the end" },
    },
  });
}

/** `/storage/BUCKET/…`: runs in the layout that Prow gives its bucket (wire section 4). */
export function storageRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const { options } = context;
  const router = createRouter();
  router.openapi(showRoute(options), async (c) => {
    const { bucket, path } = c.req.valid("param");
    const { format } = c.req.valid("query");
    const view = viewOf(context, c);
    if (bucket !== view.bucket) throw noBucket(bucket, view.bucket);
    const storage = new Storage(context, view, readerOf(c));
    const stored = await storage.find(path);
    if (stored === null) throw nothingAt(path);
    if (stored.kind === "file") {
      return await send(stored.file, c.req.method, c.req.header("range"));
    }
    const accepted = c.req.header("accept") ?? "";
    if (format === "json" || accepted.startsWith("application/json")) {
      const text = JSON.stringify(toListingJson(stored));
      return c.body(text, 200, headers(options, "application/json"));
    }
    return c.body(listingPage(stored, bucket), 200, {
      ...headers(options, ""),
      ...pageHeaders,
    });
  });
  return router;
}

/** The refusal of a bucket that is not ours. */
export function noBucket(asked: string, own: string): ApiError {
  return new ApiError(
    "not_found",
    `Cannot find the bucket ${quote(asked)}: here it is called ${quote(own)}`,
  );
}

/** Nothing is read for a HEAD. */
async function send(
  file: StoredFile,
  method: string,
  rangeHeader: string | undefined,
): Promise<Response> {
  const range = readRange(rangeHeader, file.sizeBytes);
  const body = method === "HEAD"
    ? new Blob([]).stream()
    : await file.open(range);
  if (body === null) throw nothingAt(file.path);
  return download(file, body, range);
}

function nothingAt(path: string): ApiError {
  return new ApiError(
    "not_found",
    `Cannot find ${
      quote(path)
    }: there is no such build, file or job here; builds are in logs/JOB/BUILD and pr-logs/pull/ORG_REPO/PULL/JOB/BUILD once they have begun`,
  );
}
