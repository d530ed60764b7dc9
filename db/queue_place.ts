import { sql, type Statement } from "../core/database.ts";
import { queueKey } from "../core/label.ts";
import type { RunSummary } from "../core/run.ts";

/** For so many runs it takes less to count those ahead of each than to number whole queues. */
const few = 8;

/** Selects `number` and `place` of those of the runs that are queued: their turn in their queue, from 1. */
export function placesOf(runs: readonly RunSummary[]): Statement {
  const numbers = JSON.stringify(runs.map(({ number }) => number));
  return runs.length <= few ? countAhead(numbers) : numberAll(runs, numbers);
}

/** As `placesOf`, for all of an owner's queued runs: one walk along the queues, however many they are. */
export function placesOfOwner(backend: string, owner: number): Statement {
  return sql`
    select number, place from (
      select number, backend, owner,
        row_number() over (partition by queue_key order by priority desc, fair, number) as place
      from run indexed by run_ready where state = 'queued'
    ) where backend = ${backend} and owner = ${owner}`;
}

function countAhead(numbers: string): Statement {
  return sql`
    select number, (
      select count(*) from run as ahead indexed by run_ready
      where ahead.state = 'queued' and ahead.queue_key = run.queue_key and ahead.priority > run.priority
    ) + (
      select count(*) from run as ahead indexed by run_ready
      where ahead.state = 'queued' and ahead.queue_key = run.queue_key and ahead.priority = run.priority
        and ahead.fair < run.fair
    ) + (
      select count(*) from run as ahead indexed by run_ready
      where ahead.state = 'queued' and ahead.queue_key = run.queue_key and ahead.priority = run.priority
        and ahead.fair = run.fair and ahead.number <= run.number
    ) as place
    from run where number in (select value from json_each(${numbers})) and +state = 'queued'`;
}

function numberAll(runs: readonly RunSummary[], numbers: string): Statement {
  const keys = new Set(runs.map(({ labels }) => queueKey(labels)));
  return sql`
    select number, place from (
      select number, row_number() over (partition by queue_key order by priority desc, fair, number) as place
      from run indexed by run_ready
      where state = 'queued' and queue_key in (select value from json_each(${
    JSON.stringify([...keys])
  }))
    ) where number in (select value from json_each(${numbers}))`;
}
