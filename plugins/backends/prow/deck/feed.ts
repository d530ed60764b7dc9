import type { Principal } from "../../../../core/principal.ts";
import { type ProwJob, toProwJob } from "../prowjob.ts";
import { mayRead } from "../../../../core/access.ts";
import type { DeckContext } from "./deck.ts";
import { type FeedQuery, isWanted, toRunFilter } from "./feed_query.ts";
import { scanRuns } from "./run_scan.ts";
import type { StorageView } from "./storage_layout.ts";

/** A ProwJob of a feed, with its run's number. */
type Entry = { readonly number: number; readonly prowjob: ProwJob };

/** Some entries of a feed. */
export type FeedPart = {
  readonly entries: readonly Entry[];
  /** Where to go on, as `cursor`; null at the end. */
  readonly next: number | null;
};

/** The ProwJobs that pass a query, newest first, some at a time; a private run only for those who may see it. */
export async function* readFeed(
  { runs }: DeckContext,
  query: FeedQuery,
  view: StorageView,
  reader: Principal | null,
): AsyncGenerator<FeedPart> {
  const wants = isWanted(query);
  for await (const batch of scanRuns(runs, toRunFilter(query))) {
    const entries = batch.runs.filter((run) => mayRead(run, reader))
      .map((run) => ({ number: run.number, prowjob: toProwJob(run, view) }))
      .filter(({ prowjob }) => wants(prowjob));
    yield { entries, next: batch.next };
  }
}

/** Gathers a feed's first `limit` entries. */
export async function readPage(
  feed: AsyncGenerator<FeedPart>,
  limit: number,
): Promise<FeedPart> {
  const entries: Entry[] = [];
  let next: number | null = null;
  for await (const part of feed) {
    entries.push(...part.entries);
    next = part.next;
    if (entries.length >= limit) break;
  }
  const page = entries.slice(0, limit);
  const isCut = entries.length > limit;
  return { entries: page, next: isCut ? page.at(-1)?.number ?? null : next };
}
