import type { RunSummary, Submission } from "../../../core/run.ts";
import type {
  CreateRequest,
  GitRefs,
  PodSpecOptions,
} from "./create_request.ts";
import type { JobType } from "./execution_type.ts";
import { toProwJobSpec } from "./prowjob_spec.ts";
import type { ResolvedJob } from "./resolution.ts";
import { type TaskDefaults, toTask } from "./task.ts";

/** The run that a request makes of the job that it means. */
export function toSubmission(
  job: ResolvedJob,
  tenant: string,
  request: CreateRequest,
  defaults: TaskDefaults,
): Submission {
  const { type, definition } = job;
  return {
    job: definition.name,
    request: toRunRequest(job, tenant, request),
    task: {
      ...toTask(type, definition, request, defaults),
      prowjob: toProwJobSpec(
        type,
        definition,
        tenant,
        request.pod_spec_options?.envs ?? {},
      ),
    },
    labels: { backend: "prow", cluster: definition.cluster },
  };
}

/** What was asked for, as the run keeps it. */
export type RunRequest = {
  readonly type: JobType;
  readonly tenant_id: string;
  /** What it is about: its refs, without them the first of the job's `extra_refs` (gangway 86); else empty. */
  readonly org: string;
  readonly repo: string;
  /** Null or left out when they were not sent. */
  readonly refs?: GitRefs | null;
  readonly pod_spec_options?: PodSpecOptions | null;
};

/** The request of a run that this backend has made, or those members of it that were read. */
export function runRequest(run: RunSummary): Partial<RunRequest> {
  return run.request as Partial<RunRequest>;
}

function toRunRequest(
  { type, definition }: ResolvedJob,
  tenant: string,
  { refs, pod_spec_options }: CreateRequest,
): RunRequest {
  const { org = "", repo = "" } = refs ?? definition.extra_refs?.[0] ?? {};
  return {
    type,
    tenant_id: tenant,
    org,
    repo,
    ...refs && { refs },
    ...pod_spec_options && { pod_spec_options },
  };
}
