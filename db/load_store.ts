import type { Account } from "../core/account.ts";
import type { Load, Share } from "../core/administration.ts";
import { type Database, sql } from "../core/database.ts";
import type { Labels } from "../core/label.ts";
import type { Principal } from "../core/principal.ts";
import type { RunSummary } from "../core/run.ts";
import { summaryColumns, toRunSummaries } from "./run_row.ts";
import { where } from "./run_store.ts";

/** Live runs, by an index that holds no others. */
const live =
  sql`run indexed by run_lease where state in ('claimed', 'running')`;

/** Who waits in which queue, and what runners have in hand. */
export class LoadStore implements Load {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async inHand(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.query(sql`
      select runner_id, count(*) as length from ${live} group by runner_id`);
    return new Map(
      rows.map((row) => [String(row.runner_id), Number(row.length)]),
    );
  }

  async runsOf(
    runner: string,
    reader: Principal,
    limit: number,
  ): Promise<RunSummary[]> {
    const rows = await this.#database.query(sql`
      select ${summaryColumns}, '{}' as request, queue.labels
      from run join queue on queue.key = run.queue_key
      where run.number in (
        select number from ${live} and runner_id = ${runner}
      ) and ${where({ reader })}
      order by run.number desc ${{
      text: `limit ${Math.trunc(limit)}`,
      values: [],
    }}`);
    return toRunSummaries(rows);
  }

  /**
   * Counted along the index of shares, which holds live runs as well: those,
   * which are few, are taken off.
   */
  async shares(each: number): Promise<Share[]> {
    const rows = await this.#database.query(sql`
      with present as (
        select queue_key, owner, count(*) as length
        from run indexed by run_share
        where state in ('queued', 'claimed', 'running')
        group by queue_key, priority, owner
        union all
        select queue_key, owner, -count(*) from ${live} group by queue_key, owner
      ), waiting as (
        select queue_key, owner, sum(length) as length from present
        group by queue_key, owner having sum(length) > 0
      ), ranked as (
        select *, count(*) over (partition by queue_key) as owners,
          row_number() over (partition by queue_key order by length desc, owner) as place
        from waiting
      )
      select queue.labels, account.id, account.kind, account.name, ranked.length, ranked.owners
      from ranked
      join queue on queue.key = ranked.queue_key
      join account on account.id = ranked.owner
      where place <= ${each} order by ranked.queue_key, place`);
    return rows.map((row) => ({
      labels: JSON.parse(String(row.labels)) as Labels,
      owner: { account: Number(row.id), name: String(row.name) },
      kind: row.kind as Account["kind"],
      length: Number(row.length),
      owners: Number(row.owners),
    }));
  }
}
