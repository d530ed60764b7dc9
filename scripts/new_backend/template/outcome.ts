import type { End, Outcome } from "../../../core/run.ts";

/** What an end means here. Every end has an outcome. */
export function outcome(end: End): Outcome {
  switch (end.kind) {
    case "exited":
      return {
        state: end.exitCode === 0 ? "passed" : "failed",
        message: `Exited with code ${end.exitCode}`,
      };
    case "timed_out":
      return {
        state: "failed",
        message: `Took longer than ${end.timeoutSeconds} s`,
      };
    case "cancelled":
      return { state: "aborted", message: "Cancelled" };
    case "not_started":
      return { state: "errored", message: `Did not start: ${end.reason}` };
    case "lost":
      return { state: "errored", message: "Lost together with its runner" };
    default:
      return end satisfies never;
  }
}
