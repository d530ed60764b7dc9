import type { RunState, RunSummary } from "../../../core/run.ts";
import { isEnd } from "../../../core/run.ts";
import type { BulkRequest } from "./bulk_request.ts";
import { executionStatuses, statesOf } from "./execution_status.ts";
import { jobTypeOf } from "./execution_type.ts";
import { type RunRequest, runRequest } from "./submission.ts";
import { parseTimestamp } from "./timestamp.ts";

/** What of a run's request the selection looks at. */
export const selectedBy = [
  "type",
  "tenant_id",
  "org",
  "repo",
] as const satisfies readonly (keyof RunRequest)[];

/**
 * The states whose runs a valid request ends; none when it changes nothing:
 * only ABORTED can be asked for, since every other status is for a runner to
 * find (gangway 90), and what has ended stays as it is.
 */
export function statesToAbort(request: BulkRequest): RunState[] {
  const { current = 0, desired = 0 } = request.job_status_change ?? {};
  const status = executionStatuses[current];
  if (executionStatuses[desired] !== "ABORTED" || status === undefined) {
    return [];
  }
  return statesOf(status).filter((state) => !isEnd(state));
}

/** Tells whether a run passes the filters of a valid request, all of which narrow (gangway 83 to 86). */
export function selectorOf(request: BulkRequest): (run: RunSummary) => boolean {
  const { cluster } = request;
  const { org = "", repo = "" } = request.refs ?? {};
  const type = jobTypeOf(request.job_type);
  const { first, last } = windowOf(request);
  return (run) => {
    const about = runRequest(run);
    const startedAt = Math.floor(run.createdAt / 1000);
    return (cluster === "" || run.labels.cluster === cluster) &&
      (type === null || about.type === type) &&
      (org === "" || about.org === org) &&
      (repo === "" || about.repo === repo) &&
      startedAt >= first && startedAt <= last;
  };
}

/** First and last second of the window. Gangway compares `status.startTime`, which is `create_time`: whole seconds. */
function windowOf(request: BulkRequest): { first: number; last: number } {
  const after = parseTimestamp(request.started_after ?? "");
  const before = parseTimestamp(request.started_before ?? "");
  return {
    first: after === null ? -Infinity : after.seconds + Number(after.nanos > 0),
    last: before?.seconds ?? Infinity,
  };
}
