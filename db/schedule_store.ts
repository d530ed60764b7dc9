import { type Database, sql } from "../core/database.ts";
import type { Labels } from "../core/label.ts";
import { changedAt } from "./changed_at.ts";
import { nextFair } from "./turn.ts";

/** A run that has come into its queue. */
export type Promoted = { readonly id: string; readonly labels: Labels };

/** Runs that wait for their time. */
export class ScheduleStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Queues the runs whose time has come, the earliest 1,000 of them: each behind
   * what its owner has there already, so that many retries are one batch among others.
   */
  async promote(): Promise<Promoted[]> {
    const now = this.#now();
    const isDue = sql`state = 'scheduled' and not_before <= ${now}`;
    // A read first: mostly there is nothing to do, and a write costs more.
    const due = await this.#database.query(
      sql`select 1 from run indexed by run_due where ${isDue} limit 1`,
    );
    if (due.length === 0) return [];
    const place = {
      queueKey: sql`due.queue_key`,
      priority: sql`due.priority`,
      owner: sql`due.owner`,
    };
    const [queued] = await this.#database.batch([sql`
      with due as materialized (
        select number, queue_key, priority, owner from run indexed by run_due
        where ${isDue} order by not_before limit 1000
      ), tagged as materialized (
        select number, ${nextFair(place)} - 1 + row_number() over (
          partition by queue_key, priority, owner order by number
        ) as fair
        from due
      )
      update run set state = 'queued', fair = tagged.fair, not_before = null,
        queued_at = ${now}, updated_at = ${changedAt(now)}
      from tagged where run.number = tagged.number
      returning id, (select labels from queue where key = queue_key) as labels`]);
    return (queued?.rows ?? []).map((row) => ({
      id: String(row.id),
      labels: JSON.parse(String(row.labels)) as Labels,
    }));
  }
}
