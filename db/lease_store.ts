import { type Database, sql } from "../core/database.ts";
import type { Outcome, Run } from "../core/run.ts";
import { final, live, requeue } from "./attempt_store.ts";
import { keepLost } from "./past_attempt.ts";
import { toRun } from "./run_row.ts";

/** Lost attempts after which a run is given up. */
export const maxLostAttempts = 3;

/** Most runs that are taken back in one write. */
const maxTaken = 1_000;

/** A run whose runner has fallen silent, and what it becomes if it goes back to no queue. */
export type Silent = {
  readonly run: Run;
  readonly lost: Outcome;
  readonly cancelled: Outcome;
};

/** Leases that ran out. */
export class LeaseStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #leaseMs: number;

  constructor(database: Database, now: () => number, leaseMs: number) {
    this.#database = database;
    this.#now = now;
    this.#leaseMs = leaseMs;
  }

  /** Runs whose lease has run out, at most a thousand. */
  async expired(): Promise<Run[]> {
    const rows = await this.#database.query(sql`
      select run.*, queue.labels from run indexed by run_lease join queue on queue.key = queue_key
      where ${live} and lease_until < ${this.#now()}
      order by lease_until limit ${maxTaken}`);
    return rows.map(toRun);
  }

  /**
   * Prolongs each lease that has run out by one more, once after each sign of
   * life: it ran out while no server was there to hear one. The store knows
   * which lease was a grace, so that servers which live shorter than a lease
   * grant no second one.
   */
  async giveGrace(): Promise<void> {
    const now = this.#now();
    const until = now + this.#leaseMs;
    await this.#database.batch([sql`
      update run indexed by run_lease set lease_until = ${until}, grace_until = ${until}
      where ${live} and lease_until < ${now} and lease_until is not grace_until`]);
  }

  /**
   * Takes runs from their silent runners in one write: into their queues, or,
   * after too many losses, to their end. What has been read of a run may be out
   * of date: one whose runner has spoken since, or which was taken back already,
   * stays as it is, and one that was cancelled since ends as cancelled.
   */
  async takeBack(silent: readonly Silent[]): Promise<void> {
    const now = this.#now();
    const isStill =
      sql`number = value ->> 'number' and attempt = value ->> 'attempt'
      and ${live} and lease_until < ${now}`;
    const isWanted = sql`cancel_requested_at is null`;
    const end = (kind: "lost" | "cancelled") =>
      sql`${
        final(now, sql`value ->> ${`$.${kind}.end`}`, {
          state: sql`value ->> ${`$.${kind}.state`}`,
          message: sql`value ->> ${`$.${kind}.message`}`,
        })
      }, attempt_sha256 = null`;
    const all = JSON.stringify(silent.map(toRow));
    const givenUp = JSON.stringify(silent.filter(isGivenUp).map(toRow));
    const again = JSON.stringify(
      silent.filter((each) => !isGivenUp(each)).map(toRow),
    );
    await this.#database.batch([
      keepLost(now, again, sql`${isStill} and ${isWanted}`),
      sql`update run set ${
        requeue(now, sql`(value ->> 'losses')`)
      }, attempt_sha256 = null
          from json_each(${again}) where ${isStill} and ${isWanted}`,
      sql`update run set ${end("lost")}
          from json_each(${givenUp}) where ${isStill} and ${isWanted}`,
      sql`update run set ${end("cancelled")}
          from json_each(${all}) where ${isStill} and not (${isWanted})`,
    ]);
  }
}

/** A claim that was not taken up is no loss. */
function toRow({ run, lost, cancelled }: Silent) {
  return {
    number: run.number,
    attempt: run.attempt,
    losses: run.state === "running" ? 1 : 0,
    lost: { ...lost, end: JSON.stringify({ kind: "lost" }) },
    cancelled: { ...cancelled, end: JSON.stringify({ kind: "cancelled" }) },
  };
}

function isGivenUp({ run }: Silent): boolean {
  return run.state === "running" && run.lostAttempts + 1 >= maxLostAttempts;
}
