import {
  type Database,
  nothing,
  sql,
  type Statement,
} from "../core/database.ts";
import { uuidV7 } from "../core/id.ts";
import type { PageFilter } from "../core/page_data.ts";
import { runStates } from "../core/run.ts";
import { where } from "./run_store.ts";

/**
 * How the newest runs of a filter are found quickly among very many. Each part
 * of a filter that narrows has an index: of the facets and of the owner one that
 * goes on with state and number, so that every combination with states is walked
 * in the order of numbers up to the limit. Where parts with different indexes
 * meet, the one with few runs is looked for first; when all have many, any walk
 * finds enough soon.
 * @module
 */

/** A part of a filter, and the numbers of all runs that it leaves. */
type Part = {
  readonly name: "facets" | "owner" | "job" | "backend" | "states";
  readonly numbers: Statement;
};

/** What decides on the way in which runs are looked for. */
export type SearchLimits = {
  /** A part that leaves fewer runs than this is looked for first; each is tried with all parts in turn. */
  readonly fewRuns: readonly number[];
  /** Most combinations of facets' values that are walked one by one. */
  readonly maxFacets: number;
};

const defaultLimits: SearchLimits = { fewRuns: [1_000, 12_000], maxFacets: 64 };

/** What of a filter is ids in the store. */
type Ids = {
  readonly facets: readonly number[] | null;
  readonly owners: readonly number[] | null;
};

/** Finds runs for pages. */
export class RunSearch {
  readonly #database: Database;
  readonly #backends: readonly string[];
  readonly #limits: SearchLimits;

  /** `backends`: the names of those whose runs there may be. */
  constructor(
    database: Database,
    backends: readonly string[],
    limits: SearchLimits = defaultLimits,
  ) {
    this.#database = database;
    this.#backends = backends;
    this.#limits = limits;
  }

  /** Selects the numbers of the newest runs of a filter, or with `above` of the oldest. */
  async newest(filter: PageFilter, limit: number): Promise<Statement> {
    const ids = await this.#idsOf(filter);
    if (ids.facets?.length === 0 || ids.owners?.length === 0) {
      return sql`select number from run where false`;
    }
    const order = {
      text: `order by run.number ${filter.above === undefined ? "desc" : ""}
        limit ${Math.trunc(limit)}`,
      values: [],
    };
    const few = await this.#few(filter, ids);
    if (few !== null) {
      return sql`select run.number from (${few}) as few
        cross join run on run.number = few.number
        where ${all(filter, ids)} ${order}`;
    }
    return sql`select number from (${
      this.#walk(filter, ids, order)
    }) as run ${order}`;
  }

  async #idsOf(
    { facets = {}, ownerName, ...filter }: PageFilter,
  ): Promise<Ids> {
    const pairs = Object.entries(facets);
    const among = JSON.stringify(this.#among(filter));
    const isOfAll = pairs.map(([name, value]) =>
      sql`id in (select facet from run_facet_value
        where name = ${name} and value = ${value})`
    ).reduce((before, one) => sql`${before} and ${one}`, sql`true`);
    return {
      facets: pairs.length === 0 ? null : await this.#ids(sql`
        select id from run_facet where ${isOfAll}
          and backend in (select value from json_each(${among}))`),
      owners: ownerName === undefined
        ? filter.owner === undefined ? null : [filter.owner]
        : await this.#ids(
          sql`select id from account where name = ${ownerName}`,
        ),
    };
  }

  async #ids(statement: Statement): Promise<number[]> {
    return (await this.#database.query(statement)).map(({ id }) => Number(id));
  }

  /** Selects the numbers of all runs that the smallest part leaves; null when each leaves many, or there is one alone. */
  async #few(filter: PageFilter, ids: Ids): Promise<Statement | null> {
    if (filter.numbers !== undefined) {
      return sql`select value as number from json_each(${
        JSON.stringify(filter.numbers)
      })`;
    }
    const parts = this.#parts(filter, ids);
    if (this.#hasIndex(parts, ids)) return null;
    for (const most of this.#limits.fewRuns) {
      for (const { numbers } of parts) {
        const [row] = await this.#database.query(
          sql`select count(*) as count from (${numbers} ${atMost(most)})`,
        );
        if (Number(row?.count) < most) return numbers;
      }
    }
    return null;
  }

  /** Whether one walk finds the runs without stepping over others. */
  #hasIndex(parts: readonly Part[], { facets }: Ids): boolean {
    const [first, second] = parts.filter(({ name }) => name !== "states");
    if (first === undefined) return true;
    const isMany = (facets?.length ?? 0) > this.#limits.maxFacets;
    if (second !== undefined || isMany) return false;
    return first.name === "facets" || first.name === "owner" ||
      parts.length === 1;
  }

  #parts(filter: PageFilter, ids: Ids): Part[] {
    const { job, states } = filter;
    const among = inList(sql`run.backend`, this.#among(filter));
    // What the same index tells is checked on it alone, without the runs themselves.
    const ofStates = states === undefined
      ? nothing
      : sql`and ${inList(sql`run.state`, states)}`;
    const ofFacets = ids.facets === null
      ? nothing
      : sql`and ${inList(sql`run.facet`, ids.facets)}`;
    const isAlone = ids.facets === null && ids.owners === null &&
      job === undefined;
    const parts: (Part | null)[] = [
      ids.facets && {
        name: "facets",
        numbers: sql`select number from run indexed by run_by_facet
          where ${inList(sql`run.facet`, ids.facets)} ${ofStates}`,
      },
      job === undefined ? null : {
        name: "job",
        numbers: sql`select number from run indexed by run_by_job
          where ${among} and run.job = ${job}`,
      },
      filter.backend === undefined || !isAlone ? null : {
        name: "backend",
        numbers: sql`select number from run indexed by run_by_backend
          where ${among}`,
      },
      states === undefined ? null : {
        name: "states",
        numbers: sql`select number from run indexed by run_by_state
          where ${inList(sql`run.state`, states)}`,
      },
      ids.owners && {
        name: "owner",
        numbers: sql`select number from run indexed by run_by_account
          where ${inList(sql`run.owner`, ids.owners)} and ${among}
            ${ofStates} ${ofFacets}`,
      },
    ];
    return parts.filter((part) => part !== null);
  }

  /** Walks one index, or several pieces of one, in the order of numbers; each piece stops at the limit. */
  #walk(filter: PageFilter, ids: Ids, order: Statement): Statement {
    const { states, backend: _, backends: __, ...rest } = filter;
    const state = states ?? runStates;
    const among = this.#among(filter);
    if (ids.owners !== null) {
      return eachOf(
        { owner: ids.owners, backend: among, state },
        sql`run indexed by run_by_account
          where run.owner = owner.value and run.backend = backend.value
            and run.state = state.value
            and ${all(rest, { ...ids, owners: null })} ${order}`,
      );
    }
    if (ids.facets !== null && ids.facets.length <= this.#limits.maxFacets) {
      return eachOf(
        { facet: ids.facets, state },
        sql`run indexed by run_by_facet
          where run.facet = facet.value and run.state = state.value
            and ${all(rest, { ...ids, facets: null })} ${order}`,
      );
    }
    if (filter.job !== undefined) {
      const ofState = states === undefined
        ? nothing
        : sql`and ${inList(sql`+run.state`, states)}`;
      return eachOf(
        { backend: among },
        sql`run indexed by run_by_job
          where run.backend = backend.value and ${all(rest, ids)}
            ${ofState} ${order}`,
      );
    }
    if (states === undefined || states.length === 0) {
      return sql`select number from run where ${all(filter, ids)} ${order}`;
    }
    const isAnywhere = filter.backend === undefined &&
      filter.backends === undefined;
    return eachOf(
      { state: states },
      sql`run indexed by run_by_state where run.state = state.value
        and ${all(isAnywhere ? rest : { ...rest, backends: among }, ids)}
        ${order}`,
    );
  }

  #among({ backend, backends }: PageFilter): readonly string[] {
    if (backend === undefined) return backends ?? this.#backends;
    return backends?.includes(backend) ?? true ? [backend] : [];
  }
}

/**
 * Selects `number` from the runs' pieces, one for each combination of values.
 * `piece` stands behind `from`, and names each list's value as `facet.value`.
 * The lists are bound, so that one prepared statement serves all of them.
 */
function eachOf(
  lists: { readonly [name: string]: readonly (string | number)[] },
  piece: Statement,
): Statement {
  const sources = Object.entries(lists).map(([name, list]) =>
    sql`json_each(${JSON.stringify(list)}) as ${{ text: name, values: [] }}`
  ).reduce((before, next) => sql`${before} cross join ${next}`);
  return sql`select found.value as number from ${sources}
    cross join json_each((
      select json_group_array(number) from (select run.number from ${piece})
    )) as found`;
}

function inList(
  column: Statement,
  values: readonly (string | number)[],
): Statement {
  return sql`${column} in (select value from json_each(${
    JSON.stringify(values)
  }))`;
}

/** Every condition of a filter, with the ids that stand for what of it. */
function all(filter: PageFilter, ids: Ids): Statement {
  const {
    backends,
    ownerName: _,
    facets: __,
    createdSince,
    createdUntil,
    above,
    limit: ___,
    ...others
  } = filter;
  const conditions = [where(others)];
  if (backends !== undefined) {
    conditions.push(inList(sql`run.backend`, backends));
  }
  if (ids.facets !== null) {
    conditions.push(inList(sql`run.facet`, ids.facets));
  }
  if (ids.owners !== null) {
    conditions.push(inList(sql`run.owner`, ids.owners));
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
  return conditions.reduce((before, one) => sql`${before} and ${one}`);
}

const none = new Uint8Array(10);

/** Written out, since SQLite prepares a statement anew each time a bound limit is set. */
function atMost(limit: number): Statement {
  return { text: `limit ${Math.trunc(limit)}`, values: [] };
}
