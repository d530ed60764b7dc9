import {
  type Database,
  nothing,
  sql,
  type Statement,
} from "../core/database.ts";
import { uuidV7 } from "../core/id.ts";
import type { Labels, Offer } from "../core/label.ts";
import type {
  Ending,
  PageData,
  PageFilter,
  Queue,
  RunnerView,
} from "../core/page_data.ts";
import { endStates, type RunState, type RunSummary } from "../core/run.ts";
import { summaryColumns, toRunSummary } from "./run_row.ts";
import { where } from "./run_store.ts";

const none = new Uint8Array(10);

/** What the pages show, out of the store. */
export class PageStore implements PageData {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(filter: PageFilter): Promise<RunSummary[]> {
    const isBackwards = filter.above !== undefined;
    const rows = await this.#database.query(sql`
      select ${summaryColumns}, '{}' as request, queue.labels
      from run join queue on queue.key = run.queue_key
      where ${matching(filter)}
      order by run.number ${isBackwards ? nothing : descending}
      ${atMost(filter.limit ?? 50)}`);
    const runs = rows.map(toRunSummary);
    return isBackwards ? runs.reverse() : runs;
  }

  async endings(filter: PageFilter, limit: number): Promise<Ending[]> {
    const asked = filter.states ?? endStates;
    const states = endStates.filter((state) => asked.includes(state));
    if (states.length === 0) return [];
    const isOver = states.length === endStates.length
      ? sql`run.finished_at is not null`
      : nothing;
    const { states: _, ...others } = filter;
    const rows = await this.#database.query(sql`
      select run.state, run.finished_at - run.started_at as duration_ms from run
      where ${
      matching(
        states.length === endStates.length ? others : {
          ...others,
          states,
        },
      )
    } ${isOver.text === "" ? nothing : sql`and ${isOver}`}
      order by run.number desc ${atMost(limit)}`);
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

const descending: Statement = { text: "desc", values: [] };

function matching(filter: PageFilter): Statement {
  const { backends, ownerName, createdSince, createdUntil, above, ...others } =
    filter;
  const conditions = [where(others)];
  if (backends !== undefined) {
    conditions.push(
      sql`run.backend in (select value from json_each(${
        JSON.stringify(backends)
      }))`,
    );
  }
  if (ownerName !== undefined) {
    conditions.push(
      sql`run.owner in (select id from account where name = ${ownerName})`,
    );
  }
  // Ids are ordered by time, and so are numbers: the index of ids finds where a time begins.
  if (createdSince !== undefined) {
    conditions.push(sql`run.number >= (
      select number from run where id >= ${uuidV7(createdSince, none)}
      order by id limit 1)`);
  }
  if (createdUntil !== undefined) {
    conditions.push(sql`run.number <= (
      select number from run where id < ${uuidV7(createdUntil, none)}
      order by id desc limit 1)`);
  }
  if (above !== undefined) conditions.push(sql`run.number > ${above}`);
  return conditions.reduce((all, one) => sql`${all} and ${one}`);
}

/** Written out, since SQLite prepares a statement anew each time a bound limit is set. */
function atMost(limit: number): Statement {
  return { text: `limit ${Math.trunc(limit)}`, values: [] };
}
