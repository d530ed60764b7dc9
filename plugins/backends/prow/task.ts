import * as z from "zod";
import type { JsonObject } from "../../../core/json.ts";
import type { CreateRequest } from "./create_request.ts";
import { durationSeconds } from "./duration.ts";
import { type JobType, jobTypes } from "./execution_type.ts";
import type { JobDefinition } from "./job.ts";
import { refsSchema, toRefs } from "./refs.ts";

const textMap = z.record(z.string(), z.string());

/** What a runner gets: all that is needed to run a job's container, resolved. */
export const taskSchema = z.object({
  job: z.string(),
  type: z.enum(jobTypes),
  /** The first container of the job's pod; null when its agent needs none. */
  container: z.object({
    image: z.string(),
    command: z.array(z.string()),
    args: z.array(z.string()),
    /** In order; of two with one name the later wins (gangway 57). */
    env: z.array(z.object({ name: z.string(), value: z.string() })),
    /** Variables whose values only a cluster has, such as secrets. */
    clusterEnv: z.array(z.string()),
  }).nullable(),
  timeoutSeconds: z.number(),
  /** Between SIGTERM and SIGKILL. */
  graceSeconds: z.number(),
  refs: refsSchema.nullable(),
  extraRefs: z.array(refsSchema),
  /** Prow's utilities go with the job: clone, artifacts, its timeouts. */
  decorated: z.boolean(),
  decorationConfig: z.record(z.string(), z.json()).nullable(),
  /** Of the job, overlaid with those of the request (gangway 58). */
  labels: textMap,
  annotations: textMap,
});

export type Task = z.output<typeof taskSchema>;

/** What a job gets that does not say itself. */
export type TaskDefaults = {
  readonly timeoutSeconds: number;
  readonly graceSeconds: number;
};

/** The task that a request makes of a job (wire section 1.5). */
export function toTask(
  type: JobType,
  job: JobDefinition,
  request: CreateRequest,
  defaults: TaskDefaults,
): JsonObject {
  const options = request.pod_spec_options;
  const { timeout, grace_period: gracePeriod } = job.decoration_config ?? {};
  return toJsonObject({
    job: job.name,
    type,
    container: toContainer(job, options?.envs ?? {}),
    timeoutSeconds: seconds(timeout) || defaults.timeoutSeconds,
    graceSeconds: seconds(gracePeriod) || defaults.graceSeconds,
    refs: request.refs ? toRefs(request.refs, job) : null,
    extraRefs: job.extra_refs ?? [],
    decorated: job.decorate ?? false,
    decorationConfig: job.decoration_config ?? null,
    labels: { ...job.labels, ...options?.labels },
    annotations: { ...job.annotations, ...options?.annotations },
  });
}

function toContainer(
  job: JobDefinition,
  envs: { readonly [name: string]: string },
) {
  const container = job.spec?.containers[0];
  if (container === undefined) return null;
  const { image = "", command = [], args = [], env = [] } = container;
  const fromCluster = env.filter(({ valueFrom }) => valueFrom !== undefined);
  const asked = Object.entries(envs).map(([name, value]) => ({ name, value }));
  const own = env.filter((variable) => !fromCluster.includes(variable)).map(
    ({ name, value = "" }) => ({ name, value }),
  );
  return {
    image,
    command,
    args,
    env: [...own, ...asked],
    clusterEnv: fromCluster.map(({ name }) => name).filter((name) =>
      !Object.hasOwn(envs, name)
    ),
  };
}

function seconds(duration: string | undefined): number {
  return duration === undefined ? 0 : durationSeconds(duration) ?? 0;
}

/** As it comes back from the store: without what is undefined. */
function toJsonObject(
  task: { readonly [Name in keyof Task]: unknown },
): JsonObject {
  return JSON.parse(JSON.stringify(task));
}
