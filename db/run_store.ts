import type { Alongside } from "../core/app_env.ts";
import type { RunFilter } from "../core/backend.ts";
import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import type { Ids } from "../core/id.ts";
import type { Principal } from "../core/principal.ts";
import {
  isEnd,
  type Run,
  type RunSummary,
  type Submission,
} from "../core/run.ts";
import { placesOf } from "./queue_place.ts";
import { insertRuns, madeRuns } from "./new_runs.ts";
import { summaryColumns, toRun, toRunSummary } from "./run_row.ts";

/** A filter for lists over all backends. */
export type AnyRunFilter = RunFilter & {
  readonly backend?: string;
  /** Account id of a reader: private runs of others are left out. */
  readonly visibleTo?: number;
};

/** Runs as people and backends see them: made, found, listed. */
export class RunStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #ids: Ids;

  constructor(database: Database, now: () => number, ids: Ids) {
    this.#database = database;
    this.#now = now;
    this.#ids = ids;
  }

  /** Stores all submissions or none; numbers rise in the given order. */
  async submit(
    backend: string,
    owner: Principal,
    submissions: readonly Submission[],
    alongside: Alongside = () => [],
  ): Promise<Run[]> {
    if (submissions.length === 0) return [];
    const made = {
      backend,
      owner,
      submissions,
      ids: submissions.map(() => this.#ids.uuid()),
      now: this.#now(),
    };
    const results = await this.#database.batch([
      ...insertRuns(made),
      ...alongside(made.ids),
    ]);
    return madeRuns(made, results[1]?.rows ?? []);
  }

  async find(id: string): Promise<Run | null> {
    return await this.#one(sql`run.id = ${id}`);
  }

  async findByNumber(number: number): Promise<Run | null> {
    return await this.#one(sql`run.number = ${number}`);
  }

  async list(filter: AnyRunFilter): Promise<Run[]> {
    const rows = await this.#select(sql`run.*, queue.labels`, filter);
    return rows.map(toRun);
  }

  /** As `list`, without reading the columns that may be large; of the request only the named members. */
  async summaries(
    filter: AnyRunFilter,
    members: readonly string[],
  ): Promise<RunSummary[]> {
    const rows = await this.#select(
      sql`${summaryColumns}, ${membersOf(members)} as request, queue.labels`,
      filter,
    );
    return rows.map(toRunSummary);
  }

  /** By number, the place of each run in its queue, in the order in which runs are claimed; 1 is next. */
  async queuePlaces(
    runs: readonly RunSummary[],
  ): Promise<Map<number, number>> {
    const rows = runs.length === 0
      ? []
      : await this.#database.query(placesOf(runs));
    return new Map(rows.map((row) => [Number(row.number), Number(row.place)]));
  }

  async #select(
    columns: Statement,
    filter: AnyRunFilter,
  ): Promise<readonly Row[]> {
    const order = filter.order === "changed"
      ? sql`run.updated_at, run.number`
      : sql`run.number desc`;
    return await this.#database.query(sql`
      select ${columns} from run join queue on queue.key = run.queue_key
      where ${where(filter)} order by ${order}
      ${limited(filter.limit)}`);
  }

  async #one(condition: Statement): Promise<Run | null> {
    const [row] = await this.#database.query(
      sql`select run.*, queue.labels from run join queue on queue.key = run.queue_key where ${condition}`,
    );
    return row ? toRun(row) : null;
  }
}

/** Written out, since SQLite prepares a statement anew each time a bound limit is set. */
function limited(limit: number | undefined): Statement {
  return limit === undefined
    ? nothing
    : { text: `limit ${Math.trunc(limit)}`, values: [] };
}

/** A JSON object of some members of the request. */
function membersOf(members: readonly string[]): Statement {
  const pairs = members.map((name) =>
    sql`${name}, run.request -> ${`$.${name}`}`
  );
  return sql`json_object(${
    pairs.reduce(
      (all, pair, index) => index === 0 ? pair : sql`${all}, ${pair}`,
      nothing,
    )
  })`;
}

function where(filter: AnyRunFilter): Statement {
  const conditions: Statement[] = [sql`1 = 1`];
  if (filter.backend !== undefined) {
    const isOwn = sql`run.backend = ${filter.backend}`;
    // Live runs are few: `+` leaves no index but that of the states.
    const areFew = filter.states?.every((state) => !isEnd(state)) ?? false;
    conditions.push(areFew ? sql`+${isOwn}` : isOwn);
  }
  if (filter.job !== undefined) conditions.push(sql`run.job = ${filter.job}`);
  if (filter.owner !== undefined) {
    conditions.push(sql`run.owner = ${filter.owner}`);
  }
  if (filter.updatedSince !== undefined) {
    conditions.push(sql`run.updated_at >= ${filter.updatedSince}`);
  }
  if (filter.before !== undefined) {
    conditions.push(sql`run.number < ${filter.before}`);
  }
  if (filter.states !== undefined) {
    conditions.push(
      sql`run.state in (select value from json_each(${
        JSON.stringify(filter.states)
      }))`,
    );
  }
  if (filter.visibleTo !== undefined) {
    conditions.push(
      sql`(run.is_private = 0 or run.owner = ${filter.visibleTo})`,
    );
  }
  return conditions.reduce(
    (all, one, index) => index === 0 ? one : sql`${all} and ${one}`,
    nothing,
  );
}
