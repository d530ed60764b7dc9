import * as z from "zod";
import { runStates, type RunSummary } from "../../../core/run.ts";
import type { StorageView } from "./deck/storage_layout.ts";
import { executionSchema, shownExecution, timestamp } from "./execution.ts";
import { type RunRequest, runRequest } from "./submission.ts";
import { globalTenant } from "./tenant.ts";

/** The members of a run's request that the full view is made of. */
export const fullMembers = [
  "type",
  "tenant_id",
  "refs",
  "pod_spec_options",
] as const satisfies readonly (keyof RunRequest)[];

/** `?view=full`: an execution with all that is known of it. Gangway's fields come first, in their order. */
export const fullExecutionSchema = executionSchema.extend({
  build_id: z.string().describe("BUILD_ID of the job"),
  state: z.enum(runStates).describe("Finer than job_status"),
  message: z.string().describe("Why it is in its state, for people"),
  owner: z.string().describe("Who asked for it"),
  tenant_id: z.string(),
  cluster: z.string(),
  attempt: z.int().describe("How often a runner has taken it up"),
  queue_position: z.int().optional().describe(
    "Its turn among those that wait for the same runners; 1 is next",
  ),
  cancel_requested: z.boolean(),
  start_time: executionSchema.shape.create_time,
  run_url: z.string(),
  log_url: z.string(),
}).meta({ id: "JobExecutionFull" });

/** `?view=full` of a list. */
export const fullExecutionsSchema = z.object({
  job_execution: z.array(fullExecutionSchema),
  next_page_token: z.string().optional(),
}).meta({ id: "JobExecutionsFull" });

/** An execution with all that is known of it; `place` is its turn in the queue. */
export function fullExecution(
  run: RunSummary,
  view: StorageView,
  place: number | undefined,
): z.output<typeof fullExecutionSchema> {
  const { refs, pod_spec_options, tenant_id } = runRequest(run);
  const { gcs_path, create_time, completion_time, job_url, ...identity } =
    shownExecution(run, view);
  const runUrl = `${view.baseUrl}/v1/runs/${run.id}`;
  return {
    ...identity,
    ...refs && { refs },
    ...pod_spec_options && { pod_spec_options },
    gcs_path,
    create_time,
    ...completion_time !== undefined && { completion_time },
    job_url,
    build_id: String(run.number),
    state: run.state,
    message: run.message ?? "",
    owner: run.owner.name,
    tenant_id: tenant_id ?? globalTenant,
    cluster: run.labels.cluster ?? "",
    attempt: run.attempt,
    ...place !== undefined && { queue_position: place },
    cancel_requested: run.cancelRequestedAt !== null,
    ...run.startedAt !== null && { start_time: timestamp(run.startedAt) },
    run_url: runUrl,
    log_url: `${runUrl}/log`,
  };
}
