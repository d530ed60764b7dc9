import * as z from "zod";
import { type EndState, endStates, runStates } from "../core/run.ts";

/** A run as the native API shows it; what a newer server adds is kept for `--json`. */
export const runSchema = z.looseObject({
  id: z.string(),
  number: z.int(),
  backend: z.string(),
  job: z.string(),
  owner: z.string(),
  state: z.enum(runStates),
  message: z.string().nullable(),
  attempt: z.int(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});

export type Run = z.output<typeof runSchema>;

/** How a run has ended; null while it has not. */
export function endOf({ state }: Pick<Run, "state">): EndState | null {
  return endStates.find((end) => end === state) ?? null;
}
