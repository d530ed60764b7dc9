import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import type { Run } from "../../../../core/run.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import { describe } from "../outcome.ts";
import { toProwJob } from "../prowjob.ts";
import { quote } from "../request_rules.ts";
import { escapeMarkup } from "../../../../http/markup.ts";
import {
  type DeckContext,
  headers,
  readerOf,
  readingAccess,
  tags,
  viewOf,
} from "./deck.ts";
import { link, page, pageHeaders, row } from "./html.ts";
import { Storage } from "./storage.ts";
import {
  buildPath,
  encodePath,
  historyPath,
  type StorageView,
} from "./storage_layout.ts";
import { noBucket } from "./storage_routes.ts";

/** `/view/gs/BUCKET/…`: a page about a build, at the address that Prow gives it; what `job_url` leads to. */
export function viewRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const { options } = context;
  const router = createRouter();
  const show = guarded(readingAccess(options), {
    method: "get",
    path: "/view/gs/{bucket}/{path{.+}}",
    tags,
    summary: "A page about a build",
    request: { params: z.object({ bucket: z.string(), path: z.string() }) },
    responses: {
      200: {
        description: "The page",
        content: { "text/html": { schema: z.string() } },
      },
      404: { description: "There is no such build" },
    },
  });
  router.openapi(show, async (c) => {
    const { bucket, path } = c.req.valid("param");
    const view = viewOf(context, c);
    if (bucket !== view.bucket) throw noBucket(bucket, view.bucket);
    const storage = new Storage(context, view, readerOf(c));
    const place = await storage.findBuild(path);
    if (place === null || place.rest !== "") {
      throw new ApiError(
        "not_found",
        `Cannot find ${
          quote(path)
        }: there is no such build, or it has not begun`,
      );
    }
    return c.body(buildPage(place.run, view), 200, {
      ...headers(options, ""),
      ...pageHeaders,
    });
  });
  return router;
}

/** Clients look for the link named Artifacts, and add paths to it. */
function buildPage(run: Run, { bucket, baseUrl }: StorageView): string {
  const { title, facts } = describe(run);
  const { status } = toProwJob(run, { bucket, baseUrl });
  const times = {
    Created: status.startTime,
    Started: status.pendingTime,
    Finished: status.completionTime,
    Description: status.description,
  };
  const files = `${baseUrl}/storage/${bucket}/${encodePath(buildPath(run))}/`;
  const links = [
    link(`${files}build-log.txt`, "Log"),
    link(files, "Artifacts"),
    link(`/prowjob?prowjob=${run.id}`, "Prow Job YAML"),
    link(
      `/job-history/gs/${bucket}/${encodePath(historyPath(run))}`,
      "Job History",
    ),
  ];
  const rows = [
    ...facts.map(({ name, value }) => [name, value] as const),
    ...Object.entries(times),
  ].flatMap(([name, value]) =>
    value ? [row(escapeMarkup(name), escapeMarkup(value))] : []
  );
  return page(
    `${title} #${run.number}`,
    `<p>${links.join(" ")}</p>\n<table>\n${rows.join("\n")}\n</table>`,
  );
}
