import type { BackendContext } from "../../../core/backend.ts";
import { isEnd } from "../../../core/run.ts";
import { listedPlaces } from "./data.ts";
import { prefixOf, runFolder } from "./data_path.ts";
import { atomFeed, type FeedEntry } from "./feed.ts";
import { lastResultAt, type News, readNews } from "./history.ts";
import type { Options } from "./options.ts";
import { statusOf } from "./outcome.ts";

/** Entries of a feed, as in debci. */
const maxEntries = 10;

/** The feed of a package; null when no public test of it has a result (debci 105). */
export async function findFeed(
  { database, options }: BackendContext<Options>,
  name: string,
  baseUrl: string,
): Promise<string | null> {
  const places = listedPlaces(options);
  const updatedAt = await lastResultAt(database, places, name);
  if (updatedAt === null) return null;
  const news = await readNews(database, places, name, maxEntries);
  const entries = news.map((each) => toEntry(each, baseUrl));
  return atomFeed({
    href: `${baseUrl}/data/feeds/${prefixOf(name)}/${
      encodeURIComponent(name)
    }.xml`,
    title: `${name}: package tests`,
    updatedAt: entries[0]?.updatedAt ?? updatedAt,
    entries,
  });
}

function toEntry(
  { id, before, test, finding }: News,
  baseUrl: string,
): FeedEntry {
  const { job, number, request, state, message, updatedAt, finishedAt } = test;
  const { suite, arch } = request;
  const folder = runFolder({
    suite: String(suite),
    arch: String(arch),
    package: job,
    number,
  });
  const status = isEnd(state) ? statusOf[state] : state;
  const version = finding.version === null ? "" : ` ${finding.version}`;
  return {
    runId: id,
    title: `${job}${version} in ${suite} on ${arch}: ${status}, was ${
      statusOf[before]
    }`,
    text: message ?? "",
    href: `${baseUrl}${folder}/log.gz`,
    updatedAt: finishedAt ?? updatedAt,
  };
}
