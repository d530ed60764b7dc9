import { agoText, durationText } from "./duration_text.ts";
import { endOf, type Run } from "./run.ts";
import { printable } from "./terminal_text.ts";

/**
 * Runs as lines of text, a line each whatever their names and messages hold.
 * @module
 */

/** What is said when a run's state has changed; null when it is nothing new to the person. */
export function stateLine(run: Run, before: Run | null): string | null {
  const name = `Run ${run.number}`;
  const end = endOf(run);
  if (end !== null) return endLine(run);
  switch (run.state) {
    case "scheduled":
    case "queued":
      if (before === null) {
        return `${name} of ${printable(run.job)} is ${run.state}`;
      }
      return `${name} is ${run.state} again${because(run)}`;
    case "claimed":
      return null;
    case "running":
      return [
        before === null ? `${name} of ${printable(run.job)}` : name,
        run.attempt > 1 ? `is running, attempt ${run.attempt}` : "is running",
      ].join(" ");
    default:
      return null;
  }
}

/** How a run ended, and after which time. */
export function endLine(run: Run): string {
  const { startedAt, finishedAt } = run;
  const took = startedAt === null || finishedAt === null
    ? ""
    : ` after ${durationText(Date.parse(finishedAt) - Date.parse(startedAt))}`;
  const verb = { passed: "passed", failed: "failed" }[String(run.state)] ??
    `is ${run.state}`;
  return `Run ${run.number} of ${printable(run.job)} ${verb}${took}${
    because(run)
  }`;
}

/** The line below a log that grows. `now` is epoch ms. */
export function statusLine(run: Run, now: number): string {
  const since = run.startedAt ?? run.createdAt;
  return `· run ${run.number} of ${printable(run.job)}: ${run.state}, ${
    durationText(now - Date.parse(since))
  }${endOf(run) === null && run.message ? ` · ${printable(run.message)}` : ""}`;
}

/** What to type to go on with a run that one has stopped watching. */
export function goOnLines({ number }: Pick<Run, "number">): string {
  return `Run ${number} goes on without you.
  watch it again:  slipway watch ${number}
  stop it:         slipway cancel ${number}`;
}

/** The columns of `slipway list`, for people. */
export function runColumns(run: Run, now: number): string[] {
  const { startedAt, finishedAt } = run;
  const took = startedAt === null ? "" : durationText(
    (finishedAt ? Date.parse(finishedAt) : now) -
      Date.parse(startedAt),
  );
  return [
    String(run.number),
    run.state,
    run.job,
    run.backend,
    run.owner,
    agoText(now - Date.parse(run.createdAt)),
    took,
  ];
}

/** The same for programs: exact times. */
export function runFields(run: Run): string[] {
  return [
    String(run.number),
    run.state,
    run.job,
    run.backend,
    run.owner,
    run.createdAt,
    run.startedAt ?? "",
    run.finishedAt ?? "",
    run.id,
  ];
}

function because({ message }: Run): string {
  return message ? `: ${printable(message)}` : "";
}
