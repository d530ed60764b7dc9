import * as z from "zod";
import type { Run, RunSummary } from "../../../core/run.ts";
import type { CreateRequest } from "./create_request.ts";
import { storageOf, type StorageView } from "./deck/storage_layout.ts";
import { executionStatus, executionStatuses } from "./execution_status.ts";
import { executionTypeOf, executionTypes } from "./execution_type.ts";
import type { JobType } from "./execution_type.ts";

const pullSchema = z.object({
  number: z.int(),
  author: z.string(),
  sha: z.string(),
  title: z.string(),
  ref: z.string(),
  link: z.string(),
  commit_link: z.string(),
  author_link: z.string(),
});

const refsSchema = z.object({
  org: z.string(),
  repo: z.string(),
  repo_link: z.string(),
  base_ref: z.string(),
  base_sha: z.string(),
  base_link: z.string(),
  pulls: z.array(pullSchema).readonly(),
  path_alias: z.string(),
  work_dir: z.boolean(),
  clone_uri: z.string(),
  skip_submodules: z.boolean(),
  clone_depth: z.int(),
  skip_fetch_head: z.boolean(),
});

const textMap = z.record(z.string(), z.string());
const time = z.iso.datetime({ precision: 0 });

/** Gangway's `JobExecution`; the keys of every answer come in this order (gangway 18). */
export const executionSchema = z.object({
  id: z.string(),
  job_name: z.string(),
  job_type: z.enum(executionTypes),
  job_status: z.enum(executionStatuses),
  refs: refsSchema.optional(),
  pod_spec_options: z.object({
    envs: textMap,
    labels: textMap,
    annotations: textMap,
  }).optional(),
  gcs_path: z.string(),
  create_time: time.optional(),
  completion_time: time.optional(),
  job_url: z.string(),
}).meta({ id: "JobExecution" });

/** Gangway's `JobExecutions`; the key is singular (gangway 76). */
export const executionsSchema = z.object({
  job_execution: z.array(executionSchema),
  next_page_token: z.string().optional().describe(
    "Only where pages were asked for; empty on the last one",
  ),
}).meta({ id: "JobExecutions" });

export type Execution = z.output<typeof executionSchema>;

/** The answer to a create call: always TRIGGERED, with what was asked and without times (gangway 56). */
export function createdExecution(run: Run, request: CreateRequest): Execution {
  return {
    ...identity(run),
    job_status: "TRIGGERED",
    ...echo(request),
    gcs_path: "",
    job_url: "",
  };
}

/** The answer to a create call that is only tried: there is no execution, so it has neither id nor status. */
export function triedExecution(
  type: JobType,
  request: CreateRequest,
): Execution {
  return {
    id: "",
    job_name: request.job_name,
    job_type: executionTypeOf(type),
    job_status: "JOB_EXECUTION_STATUS_UNSPECIFIED",
    ...echo(request),
    gcs_path: "",
    job_url: "",
  };
}

/** One execution as a get call shows it; path and URL are there once it has started (gangway 67). */
export function shownExecution(run: RunSummary, view: StorageView): Execution {
  const { gcsPath, jobUrl } = storageOf(run, view);
  return {
    ...identity(run),
    gcs_path: gcsPath,
    create_time: timestamp(run.createdAt),
    ...run.finishedAt !== null &&
      { completion_time: timestamp(run.finishedAt) },
    job_url: jobUrl,
  };
}

/** One execution of a list: strict clients refuse any more fields (gangway 27, 77). */
export function listedExecution(run: RunSummary): Execution {
  return { ...identity(run), gcs_path: "", job_url: "" };
}

/** A message as the transcoder prints it: one space a level, a newline at the end (gangway 20, 21). */
export function print(message: unknown): string {
  return `${JSON.stringify(message, null, 1)}\n`;
}

/** RFC 3339 in UTC, whole seconds, as Kubernetes keeps times (gangway 25). */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, "Z");
}

function echo({ refs, pod_spec_options }: CreateRequest) {
  return { ...refs && { refs }, ...pod_spec_options && { pod_spec_options } };
}

function identity(run: RunSummary) {
  return {
    id: run.id,
    job_name: run.job,
    job_type: executionTypeOf(String(run.request.type)),
    job_status: executionStatus(run.state),
  };
}
