import { seesPrivate } from "../core/access.ts";
import type { Alongside } from "../core/app_env.ts";
import type { RunFilter, RunOwner } from "../core/backend.ts";
import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import type { FacetsByBackend } from "../core/facet.ts";
import type { Ids } from "../core/id.ts";
import type { Principal } from "../core/principal.ts";
import { changedAt } from "./changed_at.ts";
import {
  isEnd,
  type Run,
  type RunSummary,
  type Submission,
} from "../core/run.ts";
import { placesOf, placesOfOwner } from "./queue_place.ts";
import { insertRuns, madeRuns, type RunOrder } from "./new_runs.ts";
import { summaryColumns, toRun, toRunSummaries } from "./run_row.ts";

/** A filter for lists over all backends. */
export type AnyRunFilter = RunFilter & {
  readonly backend?: string;
  /** Id of the runner that has, or had, the latest attempt. */
  readonly runner?: string;
};

/** Runs as people and backends see them: made, found, listed. */
export class RunStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #ids: Ids;
  readonly #facets: FacetsByBackend;

  constructor(
    database: Database,
    now: () => number,
    ids: Ids,
    facets: FacetsByBackend = new Map(),
  ) {
    this.#database = database;
    this.#now = now;
    this.#ids = ids;
    this.#facets = facets;
  }

  /** Stores all submissions or none; numbers rise in the given order. */
  async submit(
    backend: string,
    owner: RunOwner,
    submissions: readonly Submission[],
    alongside: Alongside = () => [],
  ): Promise<Run[]> {
    return await this.submitAll([{ backend, owner, submissions }], alongside);
  }

  /** Stores the submissions of all orders or none; the runs come back in the same order. */
  async submitAll(
    orders: readonly RunOrder[],
    alongside: Alongside = () => [],
  ): Promise<Run[]> {
    const made = orders.filter(({ submissions }) => submissions.length > 0).map(
      (order) => ({
        ...order,
        ids: order.submissions.map(() => this.#ids.uuid()),
        facets: this.#facets.get(order.backend) ?? [],
        now: this.#now(),
      }),
    );
    if (made.length === 0) return [];
    const results = await this.#database.batch([
      ...made.flatMap(insertRuns),
      ...alongside(made.flatMap(({ ids }) => ids)),
    ]);
    // Of the three statements of an order the last answers.
    return made.flatMap((order, at) =>
      madeRuns(order, results[3 * at + 2]?.rows ?? [])
    );
  }

  /** Makes private runs of the asker public that lie within the asker's limits, and tells which those were. */
  async publish(
    backend: string,
    asker: Pick<Principal, "account" | "limits">,
    numbers: readonly number[],
  ): Promise<number[]> {
    if (numbers.length === 0) return [];
    const [published] = await this.#database.batch([sql`
      update run set is_private = 0, updated_at = ${changedAt(this.#now())}
      where number in (select value from json_each(${JSON.stringify(numbers)}))
        and backend = ${backend} and owner = ${asker.account} and is_private = 1
        and ${every(within(asker.limits))}
      returning number`]);
    return (published?.rows ?? []).map((row) => Number(row.number));
  }

  /** When a run of the owner was last changed; 0 when there is none. */
  async lastChange(backend: string, owner: RunOwner): Promise<number> {
    const [row] = await this.#database.query(sql`
      select max(updated_at) as updated_at from run
      where backend = ${backend} and owner = ${owner.account}`);
    return Number(row?.updated_at ?? 0);
  }

  /** When a run was last changed; 0 when there is none. */
  async lastChangeOfAll(): Promise<number> {
    const [row] = await this.#database.query(
      sql`select max(updated_at) as updated_at from run`,
    );
    return Number(row?.updated_at ?? 0);
  }

  async find(id: string): Promise<Run | null> {
    return await this.#one(sql`run.id = ${id}`);
  }

  async findByNumber(number: number): Promise<Run | null> {
    return await this.#one(sql`run.number = ${number}`);
  }

  /** Those of the numbers that there are, newest first. */
  async findMany(numbers: readonly number[]): Promise<Run[]> {
    const rows = await this.#database.query(sql`
      select run.*, queue.labels from run join queue on queue.key = run.queue_key
      where run.number in (select value from json_each(${
      JSON.stringify(numbers)
    })) order by run.number desc`);
    return rows.map(toRun);
  }

  async list(filter: AnyRunFilter): Promise<Run[]> {
    const rows = await this.#select(sql`run.*, queue.labels`, filter);
    return rows.map(toRun);
  }

  /** As `list`, without reading the columns that may be large; of the request all or only the named members. */
  async summaries(
    filter: AnyRunFilter,
    members: readonly string[] | "all",
  ): Promise<RunSummary[]> {
    const request = members === "all" ? sql`run.request` : membersOf(members);
    const rows = await this.#select(
      sql`${summaryColumns}, ${request} as request, queue.labels`,
      filter,
    );
    return toRunSummaries(rows);
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

  /** By number, the place of each queued run of an owner. */
  async queuePlacesOf(
    backend: string,
    owner: RunOwner,
  ): Promise<Map<number, number>> {
    const rows = await this.#database.query(
      placesOfOwner(backend, owner.account),
    );
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

/** `mayRead` of core/access.ts, as conditions. */
function readableBy(reader: Principal | null): Statement[] {
  if (reader === null) return [sql`run.is_private = 0`];
  const limits = within(reader.limits);
  return seesPrivate(reader)
    ? limits
    : [...limits, sql`(run.is_private = 0 or run.owner = ${reader.account})`];
}

/** `isWithin` of core/limit.ts, as conditions. */
function within(limits: Principal["limits"]): Statement[] {
  return limits.flatMap(({ backends, jobs }) => [
    ...(backends === undefined ? [] : [
      sql`run.backend in (select value from json_each(${
        JSON.stringify(backends)
      }))`,
    ]),
    ...(jobs === undefined ? [] : [
      sql`exists (select 1 from json_each(${
        JSON.stringify(jobs.map(toSqlGlob))
      }) where run.job glob value)`,
    ]),
  ]);
}

/** SQLite's globs know sets in brackets, which ours do not. */
function toSqlGlob(glob: string): string {
  return glob.replaceAll("[", "[[]");
}

/** The runs of a filter, as a condition. */
export function where(filter: AnyRunFilter): Statement {
  const conditions: Statement[] = [];
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
  if (filter.runner !== undefined) {
    conditions.push(sql`run.runner_id = ${filter.runner}`);
  }
  if (filter.updatedSince !== undefined) {
    conditions.push(sql`run.updated_at >= ${filter.updatedSince}`);
  }
  if (filter.updatedUntil !== undefined) {
    conditions.push(sql`run.updated_at <= ${filter.updatedUntil}`);
  }
  if (filter.after !== undefined) {
    const { updatedAt, number } = filter.after;
    conditions.push(
      sql`(run.updated_at, run.number) > (${updatedAt}, ${number})`,
    );
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
  if (filter.reader !== undefined) {
    conditions.push(...readableBy(filter.reader));
  }
  return every(conditions);
}

function every(conditions: readonly Statement[]): Statement {
  return conditions.reduce((all, one) => sql`${all} and ${one}`, sql`1 = 1`);
}
