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
import { summaryColumns, toRunSummaries } from "./run_row.ts";
import { where } from "./run_store.ts";

const none = new Uint8Array(10);

/** An owner of fewer runs than this is looked for by owner, others by number. */
const fewRuns = 2_000;

/** What the pages show, out of the store. */
export class PageStore implements PageData {
  readonly #database: Database;
  readonly #backends: readonly string[];

  /** `backends`: the names of those whose runs there may be. */
  constructor(database: Database, backends: readonly string[]) {
    this.#database = database;
    this.#backends = backends;
  }

  async list(filter: PageFilter): Promise<RunSummary[]> {
    const { limit = 50, ...asked } = filter;
    const numbers = await this.#numbers(asked, limit);
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
    const numbers = await this.#numbers({ ...filter, states }, limit);
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

  /**
   * Selects the numbers of the newest runs, or with `above` of the oldest. Each
   * branch walks an index in the order of numbers and stops at the limit, however
   * many runs match.
   */
  async #numbers(filter: PageFilter, limit: number): Promise<Statement> {
    const order = sql`order by number ${
      filter.above === undefined ? descending : nothing
    } ${atMost(limit)}`;
    const owned = await this.#ownedByFew(filter);
    const branches = owned === null
      ? this.#branches(filter)
      : [sql`${matching(filter)} and run.number in (${owned})`];
    const all = branches.map((condition) =>
      sql`select * from (select number from run where ${condition} ${order})`
    ).reduce((before, next) => sql`${before} union all ${next}`);
    return sql`select number from (${all}) ${order}`;
  }

  /** Conditions that exclude each other and together are the filter, each with an index of its own. */
  #branches(filter: PageFilter): Statement[] {
    const { backend, states, ...others } = filter;
    const among = backend === undefined
      ? filter.backends ?? this.#backends
      : [backend];
    if (filter.job !== undefined && among.length > 0) {
      const ofState = states === undefined
        ? nothing
        : sql` and +run.state in (select value from json_each(${
          JSON.stringify(states)
        }))`;
      return among.map((each) =>
        sql`${matching({ ...others, backend: each })}${ofState}`
      );
    }
    if (states === undefined || states.length === 0) return [matching(filter)];
    const rest = backend === undefined
      ? others
      : { ...others, backends: among };
    return states.map((state) =>
      sql`${matching(rest)} and run.state = ${state}`
    );
  }

  /** Selects the numbers of all runs of an owner who has few; null for every other filter. */
  async #ownedByFew(
    { ownerName, backend, job }: PageFilter,
  ): Promise<Statement | null> {
    if (ownerName === undefined || job !== undefined) return null;
    const among = backend === undefined ? this.#backends : [backend];
    const numbers = sql`select number from run indexed by run_by_owner
      where backend in (select value from json_each(${JSON.stringify(among)}))
        and owner in (select id from account where name = ${ownerName})`;
    const [row] = await this.#database.query(
      sql`select count(*) as count from (${numbers} ${atMost(fewRuns)})`,
    );
    return Number(row?.count) < fewRuns ? numbers : null;
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
  // Within a millisecond, whose ids begin with the same 13 characters, they are not.
  if (createdSince !== undefined) {
    const since = uuidV7(createdSince, none);
    conditions.push(sql`run.number >= (
      select min(number) from run where id >= ${since} and id < (
        select substr(id, 1, 13) || 'g' from run where id >= ${since} order by id limit 1))`);
  }
  if (createdUntil !== undefined) {
    const until = uuidV7(createdUntil, none);
    conditions.push(sql`run.number <= (
      select max(number) from run where id < ${until} and id >= (
        select substr(id, 1, 13) from run where id < ${until} order by id desc limit 1))`);
  }
  if (above !== undefined) conditions.push(sql`run.number > ${above}`);
  return conditions.reduce((all, one) => sql`${all} and ${one}`);
}

/** Written out, since SQLite prepares a statement anew each time a bound limit is set. */
function atMost(limit: number): Statement {
  return { text: `limit ${Math.trunc(limit)}`, values: [] };
}
