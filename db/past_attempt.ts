import type { Attempt, Attempts, Setback } from "../core/attempt.ts";
import { latestAttempt } from "../core/attempt.ts";
import {
  type Database,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import type { Run } from "../core/run.ts";

/*
 * The latest attempt is in the row of its run, which the next claim overwrites.
 * What takes a run from an attempt without ending it keeps the attempt first, in
 * the same write: most runs have one attempt, and cost nothing here.
 */

const into = sql`
  insert into attempt (run, attempt, runner_id, claimed_at, started_at, log_bytes, ended_at, ending, message)
  select run.number, run.attempt, run.runner_id, run.claimed_at, run.started_at, run.log_bytes`;

/** Keeps the live attempt of the runs of a condition. It goes ahead of the statement that changes them. */
export function keepAttempt(
  now: number,
  { ending, message }: {
    readonly ending: Setback;
    readonly message: string | null;
  },
  which: Statement,
): Statement {
  return sql`${into}, ${now}, ${ending}, ${message} from run where ${which}`;
}

/** As `keepAttempt`, for runs of silent runners, as the lease store writes them into JSON. A claim that was not taken up is no loss. */
export function keepLost(
  now: number,
  runs: string,
  which: Statement,
): Statement {
  return sql`${into}, ${now},
      case state when 'running' then 'lost' else 'not_taken_up' end,
      case state when 'running' then value ->> '$.lost.message' end
    from json_each(${runs}) cross join run where ${which}`;
}

/** What became of each attempt. */
export class PastAttempts implements Attempts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(run: Run): Promise<readonly Attempt[]> {
    const rows = await this.#database.query(sql`
      select attempt.*, runner.name as runner from attempt
      left join runner on runner.id = runner_id
      where run = ${run.number} order by attempt`);
    const past = rows.map(toAttempt);
    if (past.at(-1)?.number === run.attempt) return past;
    const latest = latestAttempt(run, await this.#runnerName(run));
    return latest === null ? past : [...past, latest];
  }

  async #runnerName({ runnerId }: Run): Promise<string | null> {
    if (runnerId === null) return null;
    const [row] = await this.#database.query(
      sql`select name from runner where id = ${runnerId}`,
    );
    return row ? String(row.name) : null;
  }
}

function toAttempt(row: Row): Attempt {
  const number = (column: string) => {
    const value = row[column] ?? null;
    return value === null ? null : Number(value);
  };
  const text = (column: string) => {
    const value = row[column] ?? null;
    return value === null ? null : String(value);
  };
  return {
    number: Number(row.attempt),
    runner: text("runner"),
    claimedAt: number("claimed_at"),
    startedAt: number("started_at"),
    endedAt: number("ended_at"),
    ending: row.ending as Setback,
    message: text("message"),
    logBytes: Number(row.log_bytes),
  };
}
