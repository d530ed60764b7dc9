import { sql, type Statement } from "../core/database.ts";
import type { End, Outcome } from "../core/run.ts";
import { changedAt } from "./changed_at.ts";

/** Whether an attempt that ended so may be followed by another. What was cancelled never is. */
export function mayRetry(end: End, outcome: Outcome): boolean {
  return outcome.isTemporary === true && end.kind !== "cancelled";
}

/** Whether a run has an attempt left, and nobody wants it to stop. */
export const hasRetry =
  sql`cancel_requested_at is null and json_array_length(retry_delays) > 0`;

/**
 * Sets a run aside until the next of its delays is over. The message of the
 * attempt stays until the next claim; its end is kept to know it when it is told again.
 */
export function retry(now: number, end: End, outcome: Outcome): Statement {
  return sql`state = 'scheduled',
    not_before = ${now} + cast(1000 * json_extract(retry_delays, '$[0]') as integer),
    retry_delays = json_remove(retry_delays, '$[0]'),
    retried_sha256 = attempt_sha256, retried_end = ${JSON.stringify(end)},
    message = ${outcome.message}, attempt_sha256 = null, runner_id = null, claim_id = null,
    lease_until = null, started_at = null, updated_at = ${changedAt(now)}`;
}
