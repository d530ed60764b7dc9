import type { Json } from "../../../core/json.ts";
import { type End, endFacts, isEnd, type Run } from "../../../core/run.ts";
import { statusOf } from "./outcome.ts";

/** The answer to `GET /api/v1/test`. */
export type TestResults = {
  /** Seconds of the youngest test's creation; 0 when there are none (wire 1.6). */
  readonly until: number;
  readonly results: readonly { readonly [key: string]: Json }[];
};

/** Runs, in the order given, as debci lists them. */
export function toTestResults(runs: readonly Run[]): TestResults {
  const until = runs.reduce(
    (latest, run) => Math.max(latest, Math.floor(run.createdAt / 1000)),
    0,
  );
  return { until, results: runs.map(toTestResult) };
}

/**
 * A run as debci's job: 24 keys in debci's order (wire 1.6). A test has no
 * status until it is final. What is not known here is null: the worker's id, the size of
 * the artifacts, and earlier results of the package.
 */
export function toTestResult(run: Run): { readonly [key: string]: Json } {
  const { request, state, finishedAt } = run;
  const seconds = durationSeconds(run);
  const isOver = isEnd(state);
  return {
    run_id: run.number,
    created_at: toIso(run.createdAt),
    updated_at: toIso(run.updatedAt),
    suite: request.suite ?? null,
    arch: request.arch ?? null,
    version: isOver ? testedVersion(run.end) : null,
    trigger: request.trigger ?? null,
    status: isEnd(state) ? statusOf[state] : null,
    pin_packages: request.pin_packages ?? [],
    date: finishedAt === null ? null : toIso(finishedAt),
    duration_seconds: seconds,
    last_pass_date: null,
    last_pass_version: null,
    message: isOver && !wasRejected(run) ? run.message : null,
    previous_status: null,
    package_id: request.package_id ?? null,
    requestor_id: run.owner.account,
    is_private: run.isPrivate,
    extra_apt_sources: request.extra_apt_sources ?? [],
    worker_id: null,
    log_size: isOver && run.startedAt !== null ? run.logBytes : null,
    artifacts_size: null,
    duration_human: durationHuman(seconds),
    package: run.job,
  };
}

/** Seconds as debci writes them: `1h 1m 1s`, `12s`, `(n/a)`. */
export function durationHuman(seconds: number | null): string {
  if (seconds === null) return "(n/a)";
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(hours > 0 || minutes > 0 ? [`${minutes}m`] : []),
    `${seconds % 60}s`,
  ].join(" ");
}

/** Nothing else fails without a start; debci says nothing of it (wire 1.5). */
function wasRejected({ state, startedAt }: Run): boolean {
  return state === "failed" && startedAt === null;
}

/** debci says `n/a` of a test that ran and left no version. */
function testedVersion(end: End | null): string | null {
  const { version } = endFacts(end);
  if (typeof version === "string") return version;
  return end?.kind === "exited" ? "n/a" : null;
}

function durationSeconds({ startedAt, finishedAt }: Run): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return Math.max(0, Math.floor((finishedAt - startedAt) / 1000));
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
