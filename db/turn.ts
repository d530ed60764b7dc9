import { sql, type Statement } from "../core/database.ts";

/*
 * Fair queueing among the owners of one queue and priority, as start-time fair
 * queueing does it: each run gets a tag, `fair`, when it comes into its queue,
 * and the smallest tag goes first. An owner's tags count up by one, from where
 * the queue has come to, so that one run of each owner goes before the second
 * of any. `queue_turn.fair` is how far the queue has come: the largest tag that
 * was claimed. It never falls, not even while an old tag comes back from a lost
 * runner: else whoever asks at that moment would get many small tags.
 */

/** Where a run belongs: SQL expressions. */
export type Place = {
  readonly queueKey: Statement;
  readonly priority: Statement;
  readonly owner: Statement;
};

/** The tag of the next run that comes in there: after all that its owner has queued or under way. */
export function nextFair({ queueKey, priority, owner }: Place): Statement {
  return sql`max(
    coalesce((
      select turn.fair from queue_turn as turn
      where turn.queue_key = ${queueKey} and turn.priority = ${priority}
    ), 0),
    coalesce((
      select max(mine.fair) + 1 from run as mine indexed by run_share
      where mine.queue_key = ${queueKey} and mine.priority = ${priority} and mine.owner = ${owner}
        and mine.state in ('queued', 'claimed', 'running')
    ), 0)
  )`;
}

/**
 * The number of the run that is next in the queues of the given keys (a JSON
 * array): of the highest priority, in the queue that was served least recently.
 */
export function nextRun(keys: string): Statement {
  return sql`
    select run.number from json_each(${keys}) as wanted
    join run on run.number = (
      select first.number from run as first indexed by run_ready
      where first.state = 'queued' and first.queue_key = wanted.value
      order by first.priority desc, first.fair, first.number limit 1
    )
    left join queue_turn as turn on turn.queue_key = run.queue_key and turn.priority = run.priority
    order by run.priority desc, coalesce(turn.served, 0), run.number limit 1`;
}

/** Notes that the run of a claim was its queue's turn. */
export function served(claimId: string): Statement {
  return sql`
    insert into queue_turn (queue_key, priority, fair, served)
    select queue_key, priority, fair, 1 + coalesce((select max(served) from queue_turn), 0)
    from run where claim_id = ${claimId} and state = 'claimed'
    on conflict (queue_key, priority) do update
    set fair = max(fair, excluded.fair), served = excluded.served`;
}
