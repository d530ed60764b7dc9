import * as z from "zod";
import { type Attempt, setbacks } from "../core/attempt.ts";
import { runStates, type RunSummary } from "../core/run.ts";
import { stuckMessage, type Waiting } from "../core/waiting.ts";

const time = z.iso.datetime().nullable();

/** One go at a run. Times before an upgrade that keeps them are `null`. */
const attemptSchema = z.object({
  attempt: z.int(),
  /** Name of the runner that had it. */
  runner: z.string().nullable(),
  claimedAt: time,
  startedAt: time,
  endedAt: time,
  /** `ended`: with the run, whose state says how; `null`: it is not over. */
  ending: z.enum([...setbacks, "ended"]).nullable(),
  message: z.string().nullable(),
  /** Size of its log: `GET /v1/runs/{id}/log?attempt=`. */
  logBytes: z.int(),
});

/** A run in the native API. Times are RFC 3339 in UTC. */
export const runSchema = z.object({
  id: z.string(),
  number: z.int(),
  backend: z.string(),
  job: z.string(),
  owner: z.string(),
  isPrivate: z.boolean(),
  state: z.enum(runStates),
  /** Why the run is in its state, for people. */
  message: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** The labels that no live runner offers; only while the run waits. */
  missingLabels: z.record(z.string(), z.string()).optional(),
  priority: z.int(),
  /** Its turn among those that want the same runners, 1 is next; `null` when it is not queued. Not in lists and events. */
  queuePosition: z.int().min(1).nullable().optional(),
  /** How long it has been in its queue; `null` when it is not queued. Not in lists and events. */
  queuedSeconds: z.int().min(0).nullable().optional(),
  attempt: z.int(),
  /** All that were made, in order. Not in lists and events. */
  attempts: z.array(attemptSchema).optional(),
  createdAt: z.iso.datetime(),
  /** When it last came into its queue: once more after a lost runner, or for another attempt. */
  queuedAt: z.iso.datetime(),
  /** While it is `scheduled`: when it goes back into its queue for another attempt. */
  notBefore: time,
  startedAt: time,
  finishedAt: time,
  logBytes: z.int(),
});

/** The native form of a run. `waiting` is `null` for a run that is not queued; in lists and events it is not known. */
export function toRunJson(
  run: RunSummary,
  waiting?: Waiting | null,
  attempts?: readonly Attempt[],
): z.output<typeof runSchema> {
  const missing = waiting?.missing ?? {};
  const isStuck = Object.keys(missing).length > 0;
  return {
    id: run.id,
    number: run.number,
    backend: run.backend,
    job: run.job,
    owner: run.owner.name,
    isPrivate: run.isPrivate,
    state: run.state,
    message: isStuck ? stuckMessage(missing, run.message) : run.message,
    labels: run.labels,
    ...(isStuck ? { missingLabels: missing } : {}),
    priority: run.priority,
    ...(waiting === undefined ? {} : {
      queuePosition: waiting?.position ?? null,
      queuedSeconds: waiting?.seconds ?? null,
    }),
    attempt: run.attempt,
    ...attempts !== undefined && { attempts: attempts.map(toAttemptJson) },
    createdAt: toIso(run.createdAt),
    queuedAt: toIso(run.queuedAt),
    notBefore: toIsoOrNull(run.notBefore),
    startedAt: toIsoOrNull(run.startedAt),
    finishedAt: toIsoOrNull(run.finishedAt),
    logBytes: run.logBytes,
  };
}

function toAttemptJson(attempt: Attempt): z.output<typeof attemptSchema> {
  const { number, runner, ending, message, logBytes } = attempt;
  return {
    attempt: number,
    runner,
    claimedAt: toIsoOrNull(attempt.claimedAt),
    startedAt: toIsoOrNull(attempt.startedAt),
    endedAt: toIsoOrNull(attempt.endedAt),
    ending,
    message,
    logBytes,
  };
}

function toIsoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toIso(epochMs);
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
