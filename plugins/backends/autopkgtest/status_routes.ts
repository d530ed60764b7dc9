import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import type { BackendContext } from "../../../core/backend.ts";
import type { Json } from "../../../core/json.ts";
import { createRouter } from "../../../http/router.ts";
import { textStream } from "../../../http/text_stream.ts";
import {
  cacheControl,
  hasPrefix,
  isListed,
  listedPlaces,
  nothingAt,
  readerOf,
} from "./data.ts";
import { statusOperations } from "./data_operations.ts";
import { readHistory, readStateChanges } from "./history.ts";
import type { Options } from "./options.ts";
import { findFeed } from "./package_feed.ts";
import { prettyJson, writePackages } from "./package_list.ts";
import { countStatuses, noStatuses, type StatusCount } from "./status_count.ts";
import { toTestResult } from "./test_result.ts";

/** Tests of a package in one file, as many as debci has on a page. */
const maxHistory = 500;

/** `/data/status`, `/data/packages` and `/data/feeds`: how packages do, out of public tests alone. */
export function statusRoutes(
  context: BackendContext<Options>,
): OpenAPIHono<AppEnv> {
  const { options, database, now } = context;
  const operations = statusOperations(options);
  const app = createRouter();
  const send = (body: BodyInit, type = "application/json") =>
    new Response(body, {
      headers: {
        "content-type": type,
        "x-content-type-options": "nosniff",
        "cache-control": cacheControl(options),
      },
    });
  const sendJson = (value: Json) => send(prettyJson(value));
  const place = async (c: Context<AppEnv>) => {
    await readerOf(c, options);
    const { suite = "", arch = "" } = c.req.param();
    if (isListed({ suite, arch }, options)) return { suite, arch };
    throw nothingAt(c);
  };
  const counts = async (c: Context<AppEnv>) =>
    countStatuses(await readStateChanges(database, await place(c)), now());

  app.openapi(operations.showPackages, async (c) => {
    const pieces = writePackages(database, await place(c));
    return send(await textStream(pieces));
  });
  app.openapi(
    operations.showStatus,
    async (c) => sendJson((await counts(c)).at(-1) ?? noStatuses(now())),
  );
  app.openapi(operations.showHistory, async (c) => sendJson(await counts(c)));
  app.openapi(operations.showDay, async (c) => {
    const { year, month, day } = c.req.param();
    const date = `${year}-${month}-${/^(\d\d)\.json$/.exec(day)?.[1]}T`;
    const count = (await counts(c)).find((each: StatusCount) =>
      each.date.startsWith(date)
    );
    if (count === undefined) throw nothingAt(c);
    return sendJson(count);
  });

  app.openapi(operations.showPackage, async (c) => {
    await readerOf(c, options);
    const { prefix, package: name, file } = c.req.param();
    const found = listedPlaces(options).find(({ suite, arch }) =>
      file === `${suite}-${arch}.json`
    );
    const tests = found && hasPrefix(name, prefix)
      ? await readHistory(database, found, name, maxHistory)
      : [];
    // A package whose tests are all private looks like one that there is not.
    if (tests.length === 0) throw nothingAt(c);
    return sendJson(
      tests.map(({ test, finding }) => toTestResult(test, finding)),
    );
  });

  app.openapi(operations.showFeed, async (c) => {
    await readerOf(c, options);
    const { prefix, file } = c.req.param();
    const name = file.endsWith(".xml") ? file.slice(0, -".xml".length) : "";
    const feed = hasPrefix(name, prefix)
      ? await findFeed(context, name, context.baseUrl(c.req.raw))
      : null;
    if (feed === null) throw nothingAt(c);
    return send(feed, "application/atom+xml; charset=utf-8");
  });
  return app;
}
