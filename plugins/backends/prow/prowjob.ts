import * as z from "zod";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { Run } from "../../../core/run.ts";
import {
  hasBuild,
  storageOf,
  type StorageView,
} from "./deck/storage_layout.ts";
import { durationText } from "./duration_text.ts";
import { timestamp } from "./execution.ts";
import { executionStatus } from "./execution_status.ts";
import { prowLabels } from "./prowjob_labels.ts";
import { type Refs, refsSchema } from "./refs.ts";

const textMap = z.record(z.string(), z.string()).catch({});
const json = z.record(z.string(), z.json());

/** What of a task a ProwJob shows. Runs of an older version may lack some of it. */
const taskView = z.object({
  type: z.string().catch(""),
  refs: refsSchema.nullable().catch(null),
  extraRefs: z.array(refsSchema).catch([]),
  decorated: z.boolean().catch(false),
  decorationConfig: json.nullable().catch(null),
  timeoutSeconds: z.number().catch(0),
  graceSeconds: z.number().catch(0),
  labels: textMap,
  annotations: textMap,
  /** Made by `toProwJobSpec`. */
  prowjob: json.catch({}),
});

type TaskView = z.output<typeof taskView>;

/** A run as Prow's custom resource `prow.k8s.io/v1` (wire section 4); nothing empty is written. */
export type ProwJob = {
  readonly kind: "ProwJob";
  readonly apiVersion: "prow.k8s.io/v1";
  readonly metadata: {
    /** The run's id. */
    readonly name: string;
    readonly namespace: string;
    readonly creationTimestamp: string;
    readonly labels?: { readonly [name: string]: string };
    readonly annotations?: { readonly [name: string]: string };
  };
  readonly spec: ProwJobSpec;
  readonly status: {
    readonly startTime: string;
    readonly pendingTime?: string;
    readonly completionTime?: string;
    readonly state: string;
    readonly description?: string;
    readonly url?: string;
    readonly pod_name?: string;
    /** A text, although it is a number: clients ask for one (gangway 100). */
    readonly build_id?: string;
  };
};

/** What was to be done; what `toProwJobSpec` adds is not named here. */
export type ProwJobSpec = {
  readonly type: string;
  readonly cluster: string;
  readonly job: string;
  readonly refs?: Refs;
  readonly extra_refs?: readonly Refs[];
  readonly agent?: Json;
  readonly context?: Json;
  readonly pod_spec?: Json;
  readonly rerun_auth_config?: Json;
  readonly decoration_config?: JsonObject;
};

/** Prow's `prowjob_namespace` unless it is told otherwise. */
const prowjobNamespace = "default";

/** The ProwJob that a run is. */
export function toProwJob(run: Run, view: StorageView): ProwJob {
  const task = taskView.parse(run.task);
  const { context } = task.prowjob;
  return {
    kind: "ProwJob",
    apiVersion: "prow.k8s.io/v1",
    metadata: {
      name: run.id,
      namespace: prowjobNamespace,
      creationTimestamp: timestamp(run.createdAt),
      ...prowLabels({
        ...task,
        job: run.job,
        context: typeof context === "string" ? context : "",
      }),
    },
    spec: spec(run, task, view.bucket),
    status: status(run, view),
  };
}

function spec(run: Run, task: TaskView, bucket: string): ProwJobSpec {
  return {
    type: task.type,
    cluster: run.labels.cluster ?? "default",
    job: run.job,
    ...task.refs && { refs: task.refs },
    ...task.extraRefs.length > 0 && { extra_refs: task.extraRefs },
    ...task.prowjob,
    ...task.decorated && {
      decoration_config: {
        timeout: durationText(task.timeoutSeconds),
        grace_period: durationText(task.graceSeconds),
        ...task.decorationConfig,
        // Wherever the job's files would go by its configuration, here they are.
        gcs_configuration: { bucket, path_strategy: "explicit" },
      },
    },
  };
}

function status(run: Run, view: StorageView): ProwJob["status"] {
  const state = executionStatus(run.state).toLowerCase();
  const description = run.message ??
    (state === "pending" ? "Job triggered." : "");
  return {
    startTime: timestamp(run.createdAt),
    ...run.startedAt !== null && { pendingTime: timestamp(run.startedAt) },
    ...run.finishedAt !== null &&
      { completionTime: timestamp(run.finishedAt) },
    state,
    ...description !== "" && { description },
    ...hasBuild(run) && {
      url: storageOf(run, view).jobUrl,
      pod_name: run.id,
      build_id: String(run.number),
    },
  };
}
