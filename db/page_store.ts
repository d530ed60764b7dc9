import { type Database, sql } from "../core/database.ts";
import type { Labels, Offer } from "../core/label.ts";
import type {
  Ending,
  PageData,
  PageFilter,
  Queue,
  RunnerView,
} from "../core/page_data.ts";
import { endStates, type RunState, type RunSummary } from "../core/run.ts";
import { summaryColumns, toRunSummaries } from "./run_row.ts";
import { RunSearch } from "./run_search.ts";

/** What the pages show, out of the store. */
export class PageStore implements PageData {
  readonly #database: Database;
  readonly #search: RunSearch;

  /** `backends`: the names of those whose runs there may be. */
  constructor(
    database: Database,
    backends: readonly string[],
    search: RunSearch = new RunSearch(database, backends),
  ) {
    this.#database = database;
    this.#search = search;
  }

  async list(filter: PageFilter): Promise<RunSummary[]> {
    const { limit = 50, ...asked } = filter;
    const numbers = await this.#search.newest(asked, limit);
    const rows = await this.#database.query(sql`
      select ${summaryColumns}, '{}' as request, queue.labels
      from run join queue on queue.key = run.queue_key
      where run.number in (${numbers}) order by run.number desc`);
    return toRunSummaries(rows);
  }

  async endings(filter: PageFilter, limit: number): Promise<Ending[]> {
    const asked = filter.states ?? endStates;
    const states = endStates.filter((state) => asked.includes(state));
    if (states.length === 0) return [];
    const numbers = await this.#search.newest({ ...filter, states }, limit);
    const rows = await this.#database.query(sql`
      select state, finished_at - started_at as duration_ms from run
      where number in (${numbers})`);
    return rows.map((row) => ({
      state: row.state as RunState,
      durationMs: row.duration_ms === null
        ? null
        : Math.max(0, Number(row.duration_ms)),
    }));
  }

  /** Counted on the index of waiting runs alone; each queue's oldest is one row. */
  async queues(): Promise<Queue[]> {
    const rows = await this.#database.query(sql`
      select queue.labels, waiting.length, run.created_at from (
        select queue_key, count(*) as length, min(number) as oldest
        from run indexed by run_ready where state = 'queued' group by queue_key
      ) as waiting
      join queue on queue.key = waiting.queue_key
      join run on run.number = waiting.oldest
      order by waiting.length desc, queue.key`);
    return rows.map((row) => ({
      labels: JSON.parse(String(row.labels)) as Labels,
      length: Number(row.length),
      oldestAt: Number(row.created_at),
    }));
  }

  async runners(since: number): Promise<RunnerView[]> {
    const rows = await this.#database.query(sql`
      select id, name, offers, seen_at from runner
      where seen_at >= ${since} order by name, id`);
    return rows.map((row) => ({
      id: String(row.id),
      name: String(row.name),
      offers: JSON.parse(String(row.offers)) as Offer[],
      seenAt: Number(row.seen_at),
    }));
  }
}
