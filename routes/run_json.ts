import * as z from "zod";
import type { Labels } from "../core/label.ts";
import { type Run, runStates } from "../core/run.ts";

const time = z.iso.datetime().nullable();

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
  attempt: z.int(),
  createdAt: z.iso.datetime(),
  startedAt: time,
  finishedAt: time,
  logBytes: z.int(),
});

/** The native form of a run. `missing` are the labels that it waits for. */
export function toRunJson(
  run: Run,
  missing?: Labels,
): z.output<typeof runSchema> {
  const isStuck = missing !== undefined && Object.keys(missing).length > 0;
  return {
    id: run.id,
    number: run.number,
    backend: run.backend,
    job: run.job,
    owner: run.owner.name,
    isPrivate: run.isPrivate,
    state: run.state,
    message: isStuck ? waitingMessage(missing) : run.message,
    labels: run.labels,
    ...(isStuck ? { missingLabels: missing } : {}),
    priority: run.priority,
    attempt: run.attempt,
    createdAt: toIso(run.createdAt),
    startedAt: run.startedAt === null ? null : toIso(run.startedAt),
    finishedAt: run.finishedAt === null ? null : toIso(run.finishedAt),
    logBytes: run.logBytes,
  };
}

function waitingMessage(missing: Labels): string {
  const wanted = Object.entries(missing).map(([name, value]) =>
    `${name}=${value}`
  );
  return `Waiting for a runner that offers ${
    wanted.join(", ")
  }: none that is connected does`;
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
