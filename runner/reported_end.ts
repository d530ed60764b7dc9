import { endSchema, type ReportedEnd } from "../core/protocol.ts";
import type { End } from "../core/run.ts";
import type { StopReason } from "./stop.ts";

const maxReasonLength = 10_000;

/** What an executor's attempt came to: what it returned, or what it threw. */
export type Finding = { readonly end: End } | { readonly thrown: unknown };

/**
 * The end as the server is told it. Work that was stopped on demand is
 * `cancelled`, whatever its executor made of that; an executor that threw, or
 * returned what the protocol does not know, has not really started the work.
 */
export function reportedEnd(
  finding: Finding,
  stopped: StopReason | null,
): ReportedEnd {
  if (stopped !== null) return { kind: "cancelled" };
  if ("thrown" in finding) {
    const { thrown } = finding;
    return notStarted(thrown instanceof Error ? thrown.message : `${thrown}`);
  }
  const { end } = finding;
  if (end.kind === "not_started") return notStarted(end.reason);
  const parsed = endSchema.safeParse(end);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    `${issue.path.join(".") || "end"}: ${issue.message}`
  );
  return notStarted(
    `the executor reported an end that cannot be sent: ${faults.join("; ")}`,
  );
}

function notStarted(reason: string): ReportedEnd {
  const said = reason.trim() === "" ? "no reason was given" : reason;
  return { kind: "not_started", reason: said.slice(0, maxReasonLength) };
}

/** The line that closes the log when the work did not end by itself; null when it did. */
export function closingLine(end: ReportedEnd): string | null {
  switch (end.kind) {
    case "exited":
      return null;
    case "timed_out":
      return `slipway: stopped because it took longer than ${end.timeoutSeconds} s`;
    case "cancelled":
      return "slipway: cancelled";
    case "not_started":
      return `slipway: ${end.reason}`;
    default:
      return end satisfies never;
  }
}
