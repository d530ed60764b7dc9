import type { End, Outcome, RunState } from "../../core/run.ts";

/** What becomes of a workflow's steps. */
export function outcome(end: End): Outcome {
  switch (end.kind) {
    case "exited":
      return end.exitCode === 0
        ? { state: "passed", message: "All steps passed" }
        : { state: "failed", message: failed(end) };
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

function failed({ exitCode, facts }: Extract<End, { kind: "exited" }>): string {
  const step = facts?.step;
  return typeof step === "string"
    ? `Step ${JSON.stringify(step)} exited with code ${exitCode}`
    : `A step exited with code ${exitCode}`;
}

/** A run's state in GitHub's two words. */
export function statusOf(
  state: RunState,
): { readonly status: string; readonly conclusion: string | null } {
  const ended = (conclusion: string) => ({ status: "completed", conclusion });
  switch (state) {
    case "scheduled":
    case "queued":
      return { status: "queued", conclusion: null };
    case "claimed":
    case "running":
      return { status: "in_progress", conclusion: null };
    case "passed":
      return ended("success");
    case "failed":
      return ended("failure");
    case "neutral":
      return ended("neutral");
    case "errored":
      return ended("startup_failure");
    case "aborted":
      return ended("cancelled");
    default:
      return state satisfies never;
  }
}
