import type { End, EndState, Outcome } from "../../../core/run.ts";

/** What autopkgtest's exit codes mean (wire 3.4). */
const byExitCode: ReadonlyMap<number, Outcome> = new Map([
  [0, { state: "passed", message: "All tests passed" }],
  [2, {
    state: "passed",
    message: "Tests passed, but at least one test skipped",
  }],
  [4, { state: "failed", message: "Tests failed" }],
  [6, {
    state: "failed",
    message: "Tests failed, and at least one test skipped",
  }],
  [8, { state: "neutral", message: "No tests in this package or all skipped" }],
  [12, { state: "failed", message: "Erroneous package" }],
  [14, { state: "failed", message: "Erroneous package" }],
  [16, {
    state: "errored",
    message: "Could not run tests due to a temporary testbed failure",
    isTemporary: true,
  }],
]);

/**
 * What an end means. A run that took too long, was not started or lost its
 * runner says nothing about the package: it is `errored`, debci's tmpfail. Only
 * a testbed that failed is worth another try.
 */
export function outcome(end: End): Outcome {
  switch (end.kind) {
    case "exited":
      return byExitCode.get(end.exitCode) ?? {
        state: "errored",
        message: `Unexpected autopkgtest exit code ${end.exitCode}`,
        isTemporary: true,
      };
    case "timed_out":
      return {
        state: "errored",
        message: `Stopped after ${end.timeoutSeconds} seconds`,
      };
    case "cancelled":
      return { state: "aborted", message: "Cancelled" };
    case "not_started":
      return { state: "errored", message: end.reason };
    case "lost":
      return { state: "errored", message: "The runner fell silent" };
    default:
      return end satisfies never;
  }
}

/** debci's word for a final state. */
export const statusOf = {
  passed: "pass",
  failed: "fail",
  neutral: "neutral",
  errored: "tmpfail",
  aborted: "tmpfail",
} as const satisfies Record<EndState, string>;
