import {
  type Database,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";
import { isMet, type Labels, type Offer } from "../core/label.ts";
import type { End, Outcome, Run, RunState } from "../core/run.ts";
import { changedAt } from "./changed_at.ts";
import { hasRetry, mayRetry, retry } from "./retry.ts";
import { toRun } from "./run_row.ts";
import { nextRun, served } from "./turn.ts";

/** The durations of the runner protocol. */
export type Durations = {
  /** A claim that is not started within this goes back to its queue. */
  readonly ackMs: number;
  /** A started attempt that says nothing for this long is lost. */
  readonly leaseMs: number;
};

/** Runs of one backend that are cancelled if they are in one of the states. */
export type CancelledRuns = {
  readonly backend: string;
  readonly ids: readonly string[];
  readonly states: readonly RunState[];
};

/** Which attempt a write belongs to: only the live one's token fits. */
export type Fence = { readonly runId: string; readonly attemptToken: string };

/** A runner has the run. */
export const live: Statement = sql`state in ('claimed', 'running')`;

/** Holds no longer once a runner is paused or shut out, so that a question of before that brings it nothing. */
function getsWork(runnerId: string): Statement {
  return sql`not exists (
    select 1 from runner where id = ${runnerId} and (paused_at is not null or revoked_at is not null)
  )`;
}

const withLabels =
  sql`*, (select labels from queue where key = queue_key) as labels`;

/** What the runner said about an attempt, with the fence: a write of an attempt that is not the live one changes nothing. */
export class AttemptStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #durations: Durations;

  constructor(database: Database, now: () => number, durations: Durations) {
    this.#database = database;
    this.#now = now;
    this.#durations = durations;
  }

  /**
   * Hands the first fitting queued run to a runner: of the highest priority, by turns
   * among queues, and in each by turns among owners.
   * The same `claimId` gets the same run again as long as it was not started.
   */
  async claim(
    claim: {
      runnerId: string;
      claimId: string;
      attemptToken: string;
      offers: readonly Offer[];
    },
  ): Promise<Run | null> {
    const sha256 = await sha256Hex(claim.attemptToken);
    const keys = await this.#fittingQueues(claim.offers);
    const now = this.#now();
    const leaseUntil = now + this.#durations.ackMs;
    const [again, fresh] = await this.#database.batch([
      sql`update run set attempt_sha256 = ${sha256}, lease_until = ${leaseUntil}
          where claim_id = ${claim.claimId} and runner_id = ${claim.runnerId} and state = 'claimed'
          returning ${withLabels}`,
      sql`update run set state = 'claimed', attempt = attempt + 1, runner_id = ${claim.runnerId},
            claim_id = ${claim.claimId}, attempt_sha256 = ${sha256}, lease_until = ${leaseUntil},
            started_at = null, log_bytes = 0, message = null, updated_at = ${
        changedAt(now)
      }
          where not exists (select 1 from run where claim_id = ${claim.claimId})
            and ${getsWork(claim.runnerId)} and number = (${
        nextRun(JSON.stringify(keys))
      })
          returning ${withLabels}`,
      served(claim.claimId),
    ]);
    const row = again?.rows[0] ?? fresh?.rows[0];
    return row ? toRun(row) : null;
  }

  /** The runner has taken the work up; null when the attempt is not the live one. */
  async start(fence: Fence): Promise<Run | null> {
    const now = this.#now();
    return await this.#change(
      fence,
      sql`
      state = 'running', started_at = coalesce(started_at, ${now}),
      updated_at = case state when 'claimed' then ${
        changedAt(now)
      } else updated_at end,
      lease_until = ${now + this.#durations.leaseMs}`,
    );
  }

  /** The attempt is alive. */
  async heartbeat(fence: Fence): Promise<Run | null> {
    return await this.#change(
      fence,
      sql`lease_until = ${this.#now() + this.#durations.leaseMs}`,
    );
  }

  /** The runner gives the work back undone; null also when the run is to be cancelled. */
  async release(fence: Fence): Promise<Run | null> {
    return await this.#change(
      fence,
      requeue(this.#now(), 0),
      sql`cancel_requested_at is null`,
    );
  }

  /**
   * The final word of the attempt. It ends the run, or with a temporary outcome schedules
   * its next attempt while there are some left. Saying it again changes nothing and
   * returns the run as it is.
   */
  async finish(fence: Fence, end: End, outcome: Outcome): Promise<Run | null> {
    const now = this.#now();
    const sha256 = await sha256Hex(fence.attemptToken);
    const isAttempt =
      sql`id = ${fence.runId} and ${live} and attempt_sha256 = ${sha256}`;
    // A retry leaves no live attempt to the second statement.
    const results = await this.#database.batch([
      ...mayRetry(end, outcome)
        ? [sql`update run set ${retry(now, end, outcome)}
            where ${isAttempt} and ${hasRetry} returning ${withLabels}`]
        : [],
      sql`update run set ${final(now, JSON.stringify(end), outcome)}
          where ${isAttempt} returning ${withLabels}`,
    ]);
    const row = results.flatMap(({ rows }) => rows)[0] ??
      await this.#reported(fence.runId, sha256, JSON.stringify(end));
    return row ? toRun(row) : null;
  }

  /** The run whose attempt has reported that end already. */
  async #reported(id: string, sha256: string, end: string) {
    const [row] = await this.#database.query(sql`
      select run.*, queue.labels from run join queue on queue.key = queue_key
      where run.id = ${id} and (
        attempt_sha256 = ${sha256} and end = ${end} or retried_sha256 = ${sha256} and retried_end = ${end}
      )`);
    return row;
  }

  /** The live run of this attempt, or null. */
  async find(fence: Fence): Promise<Run | null> {
    const [row] = await this.#database.query(sql`
      select run.*, queue.labels from run join queue on queue.key = queue_key
      where run.id = ${fence.runId} and ${live} and attempt_sha256 = ${await sha256Hex(
      fence.attemptToken,
    )}`);
    return row ? toRun(row) : null;
  }

  /** Ends a waiting run at once; asks for the end of a live one. An ended run stays as it is. */
  async cancel(id: string, outcome: Outcome): Promise<void> {
    await this.#cancel(sql`id = ${id}`, outcome);
  }

  /** As `cancel`, for those of a backend's runs that are in one of the states. */
  async cancelMany(which: CancelledRuns, outcome: Outcome): Promise<void> {
    await this.cancelAll([{ ...which, outcome }]);
  }

  /** As `cancelMany`, for several backends in one write; the ids of the runs that it ended, or asked to end. */
  async cancelAll(
    groups: readonly (CancelledRuns & { readonly outcome: Outcome })[],
  ): Promise<ReadonlySet<string>> {
    const results = await this.#database.batch(
      groups.flatMap(({ backend, ids, states, outcome }) =>
        this.#cancelling(
          sql`id in (select value from json_each(${JSON.stringify(ids)}))
          and +state in (select value from json_each(${JSON.stringify(states)}))
          and +backend = ${backend}`,
          outcome,
        )
      ),
    );
    return new Set(
      results.flatMap(({ rows }) => rows.map(({ id }) => String(id))),
    );
  }

  async #cancel(which: Statement, outcome: Outcome): Promise<void> {
    await this.#database.batch(this.#cancelling(which, outcome));
  }

  /** `+` leaves no index but that of the ids. */
  #cancelling(which: Statement, outcome: Outcome): Statement[] {
    const now = this.#now();
    const cancelled: End = { kind: "cancelled" };
    const waiting = sql`+state in ('scheduled', 'queued')`;
    return [
      sql`update run set cancel_requested_at = coalesce(cancel_requested_at, ${now}), updated_at = ${
        changedAt(now)
      }
          where ${which} and +${live} returning id`,
      sql`update run set ${
        final(now, JSON.stringify(cancelled), outcome)
      }, cancel_requested_at = ${now}
          where ${which} and ${waiting} returning id`,
    ];
  }

  /** Keys of the queues that one of the offers meets. */
  async #fittingQueues(offers: readonly Offer[]): Promise<string[]> {
    const rows = await this.#database.query(sql`select key, labels from queue`);
    return rows.filter((row) => isMet(toLabels(row), offers)).map((row) =>
      String(row.key)
    );
  }

  async #change(
    fence: Fence,
    change: Statement,
    only = sql`true`,
  ): Promise<Run | null> {
    const [result] = await this.#database.batch([sql`
      update run set ${change}
      where id = ${fence.runId} and ${live} and ${only}
        and attempt_sha256 = ${await sha256Hex(fence.attemptToken)}
      returning ${withLabels}`]);
    const row = result?.rows[0];
    return row ? toRun(row) : null;
  }
}

/** Puts a run back into its queue, with so many more lost attempts. */
export function requeue(
  now: number,
  lostAttempts: number | Statement,
): Statement {
  return sql`state = 'queued', lost_attempts = lost_attempts + ${lostAttempts}, runner_id = null, claim_id = null,
    lease_until = null, started_at = null, queued_at = ${now}, updated_at = ${
    changedAt(now)
  }`;
}

/** Ends a run. */
export function final(
  now: number,
  end: string | Statement,
  outcome: { state: string | Statement; message: string | Statement },
): Statement {
  return sql`state = ${outcome.state}, end = ${end}, message = ${outcome.message},
    lease_until = null, not_before = null, finished_at = ${now}, updated_at = ${
    changedAt(now)
  }`;
}

function toLabels(row: Row): Labels {
  return JSON.parse(String(row.labels)) as Labels;
}
