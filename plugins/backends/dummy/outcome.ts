import type { End, Outcome } from "../../../core/run.ts";

/** Exit code 0 passes, 77 is neutral (automake's "skipped"), 75 fails for now (sysexits' EX_TEMPFAIL), every other one fails. */
export function outcome(end: End): Outcome {
  switch (end.kind) {
    case "exited":
      if (end.exitCode === 75) {
        const message = "Exited with code 75: failed for now";
        return { state: "errored", message, isTemporary: true };
      }
      return {
        state: end.exitCode === 0
          ? "passed"
          : end.exitCode === 77
          ? "neutral"
          : "failed",
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
