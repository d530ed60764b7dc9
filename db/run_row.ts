import { type Row, sql } from "../core/database.ts";
import type { JsonObject } from "../core/json.ts";
import type { Labels } from "../core/label.ts";
import type { End, Run, RunState, RunSummary } from "../core/run.ts";

/** The columns of `run` that a summary is made of, beside `request` and `labels`. */
export const summaryColumns = sql`
  run.id, run.number, run.backend, run.job, run.owner, run.owner_name, run.is_private, run.priority, run.state,
  run.attempt, run.lost_attempts, run.runner_id, run.cancel_requested_at, run.created_at, run.queued_at, run.not_before,
  run.claimed_at, run.started_at, run.finished_at, run.updated_at, run.message, run.log_bytes`;

/** Rows of `summaryColumns`, `request` and `labels`; each of the few queues' labels is read once. */
export function toRunSummaries(rows: readonly Row[]): RunSummary[] {
  const known = new Map<string, Labels>();
  return rows.map((row) => {
    const text = String(row.labels);
    const labels = known.get(text) ?? toLabels(text);
    known.set(text, labels);
    return toRunSummary(row, labels);
  });
}

/** A row of `run` joined with its queue's `labels`. */
export function toRun(row: Row): Run {
  return {
    ...toRunSummary(row, toLabels(String(row.labels))),
    task: JSON.parse(String(row.task)) as JsonObject,
    end: row.end === null ? null : JSON.parse(String(row.end)) as End,
  };
}

function toRunSummary(row: Row, labels: Labels): RunSummary {
  return {
    id: String(row.id),
    number: Number(row.number),
    backend: String(row.backend),
    job: String(row.job),
    owner: { account: Number(row.owner), name: String(row.owner_name) },
    isPrivate: row.is_private === 1,
    request: JSON.parse(String(row.request)) as JsonObject,
    labels,
    priority: Number(row.priority),
    state: row.state as RunState,
    attempt: Number(row.attempt),
    lostAttempts: Number(row.lost_attempts),
    runnerId: row.runner_id === null ? null : String(row.runner_id),
    cancelRequestedAt: toNumber(row.cancel_requested_at),
    createdAt: Number(row.created_at),
    queuedAt: Number(row.queued_at),
    notBefore: toNumber(row.not_before),
    claimedAt: toNumber(row.claimed_at),
    startedAt: toNumber(row.started_at),
    finishedAt: toNumber(row.finished_at),
    updatedAt: Number(row.updated_at),
    message: row.message === null ? null : String(row.message),
    logBytes: Number(row.log_bytes),
  };
}

function toLabels(text: string): Labels {
  return JSON.parse(text) as Labels;
}

function toNumber(value: Row[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
