import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { guarded } from "../../../../http/guard.ts";
import { createRouter } from "../../../../http/router.ts";
import type { ProwJob } from "../prowjob.ts";
import {
  type DeckContext,
  headers,
  readerOf,
  readingAccess,
  tags,
  viewOf,
} from "./deck.ts";
import { type FeedPart, readFeed, readPage } from "./feed.ts";
import { toDataRow, withoutOmitted } from "./feed_item.ts";
import { assignment, type FeedQuery, feedQuery } from "./feed_query.ts";
import { maxScanned } from "./run_scan.ts";
import { textStream } from "../../../../http/text_stream.ts";

/** A page without a limit of its own has this many. */
const defaultLimit = 500;

/** What is written around and between the items of a feed. */
type FeedForm = {
  readonly item: (prowjob: ProwJob, query: FeedQuery) => unknown;
  /** Of a page; the whole feed has no `next`. */
  readonly start: (next?: number | null) => string;
  readonly end: string;
};

const prowjobs: FeedForm = {
  item: (prowjob, { omit }) => withoutOmitted(prowjob, omit),
  start: (next) =>
    next === undefined
      ? `{"items":[`
      : `{"metadata":${JSON.stringify(listMeta(next))},"items":[`,
  end: "]}",
};

const data: FeedForm = { item: toDataRow, start: () => "[", end: "]" };

/**
 * `/prowjobs.js` and `/data.js`: everything at once, as Deck's pages and many
 * scripts load it. With `limit` or `cursor` it comes in pages.
 */
export function feedRoutes(context: DeckContext): OpenAPIHono<AppEnv> {
  const router = createRouter();
  const declare = <Path extends string>(path: Path, summary: string) =>
    guarded(readingAccess(context.options), {
      method: "get",
      path,
      tags,
      summary:
        `${summary}, newest first, out of the newest ${maxScanned} of the job and state`,
      request: { query: feedQuery },
      responses: {
        200: {
          description:
            "JSON, or with var a statement of JavaScript; Link has the next page where pages were asked for",
          content: {
            "application/json": { schema: z.unknown() },
            "application/javascript": { schema: z.string() },
          },
        },
        400: { description: "A parameter is not valid; the message says why" },
      },
    });
  router.openapi(
    declare("/prowjobs.js", "List executions as Prow's custom resources"),
    (c) => answer(context, c, c.req.valid("query"), prowjobs),
  );
  router.openapi(
    declare("/data.js", "List executions as rows of texts"),
    (c) => answer(context, c, c.req.valid("query"), data),
  );
  return router;
}

async function answer(
  context: DeckContext,
  c: Context<AppEnv>,
  query: FeedQuery,
  form: FeedForm,
) {
  const before = assignment(query.var);
  const after = before === "" ? "" : ";";
  const feed = readFeed(context, query, viewOf(context, c), readerOf(c));
  const type = before === "" ? "application/json" : "application/javascript";
  const head = headers(context.options, type);
  const write = (part: FeedPart) => writeItems(part, query, form);
  if (query.limit === undefined && query.cursor === undefined) {
    const pieces = writeWhole(feed, write, {
      start: before + form.start(),
      end: form.end + after,
    });
    return c.body(await textStream(pieces), 200, head);
  }
  const page = await readPage(feed, query.limit ?? defaultLimit);
  const text = form.start(page.next) + write(page).join(",") + form.end;
  return c.body(before + text + after, 200, {
    ...head,
    ...page.next !== null && { link: nextLink(c.req.url, page.next) },
  });
}

async function* writeWhole(
  feed: AsyncGenerator<FeedPart>,
  write: (part: FeedPart) => string[],
  { start, end }: { readonly start: string; readonly end: string },
): AsyncGenerator<string> {
  let separator = start;
  for await (const part of feed) {
    const items = write(part);
    if (items.length === 0) continue;
    yield separator + items.join(",");
    separator = ",";
  }
  yield separator === start ? start + end : end;
}

function writeItems(
  { entries }: FeedPart,
  query: FeedQuery,
  { item }: FeedForm,
): string[] {
  return entries.map(({ prowjob }) => JSON.stringify(item(prowjob, query)));
}

/** The following page as a header (RFC 8288), since a list of rows has no other place for it. */
function nextLink(url: string, next: number): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.set("cursor", String(next));
  return `<${pathname}?${searchParams}>; rel="next"`;
}

/** Kubernetes' `ListMeta`. */
function listMeta(next: number | null) {
  return next === null ? {} : { continue: String(next) };
}
