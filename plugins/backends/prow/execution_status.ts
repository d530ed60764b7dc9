import { type RunState, runStates } from "../../../core/run.ts";

/** Gangway's `JobExecutionStatus`, each name at its number (gangway 66). */
export const executionStatuses = [
  "JOB_EXECUTION_STATUS_UNSPECIFIED",
  "TRIGGERED",
  "PENDING",
  "SUCCESS",
  "FAILURE",
  "ABORTED",
  "ERROR",
  "SCHEDULING",
] as const;

/** Name of a `JobExecutionStatus`. */
export type ExecutionStatus = (typeof executionStatuses)[number];

const statusByState = {
  scheduled: "SCHEDULING",
  queued: "TRIGGERED",
  claimed: "PENDING",
  running: "PENDING",
  passed: "SUCCESS",
  neutral: "SUCCESS",
  failed: "FAILURE",
  errored: "ERROR",
  aborted: "ABORTED",
} as const satisfies Record<RunState, ExecutionStatus>;

/** A run's state as Gangway's clients know it. */
export function executionStatus(state: RunState): ExecutionStatus {
  return statusByState[state];
}

/** The states that show as a status; none for `JOB_EXECUTION_STATUS_UNSPECIFIED`. */
export function statesOf(status: ExecutionStatus): RunState[] {
  return runStates.filter((state) => statusByState[state] === status);
}
