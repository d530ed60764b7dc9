import * as z from "zod";
import type { JsonObject } from "../../../core/json.ts";
import type { JobType } from "./execution_type.ts";
import { goObject, goText } from "./go_object.ts";
import type { JobDefinition } from "./job.ts";

const text = goText.optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const group = z.record(z.string(), z.unknown()).optional().catch(undefined);

/** What ProwJobs say of their job beside what runs it. Nothing here depends on it, so what cannot be read is left out. */
const settings = goObject({
  namespace: text,
  skip_report: flag,
  rerun_command: text,
  max_concurrency: z.int().optional().catch(undefined),
  error_on_eviction: flag,
  pipeline_run_spec: group,
  tekton_pipeline_run_spec: group,
  reporter_config: group,
  rerun_auth_config: group,
  hidden: flag,
  job_queue_name: text,
});

const slackReport = z.looseObject({
  slack: z.looseObject({
    report: flag,
    job_states_to_report: z.array(z.unknown()).optional().catch(undefined),
  }),
});

/** Where pods are unless a job says: Prow's `pod_namespace`. */
const defaultNamespace = "default";

/**
 * The part of a ProwJob's spec that is settled when its job is asked for, and
 * that the task does not say otherwise (wire sections 1.5 and 4). The
 * request's envs stand behind those of every container.
 */
export function toProwJobSpec(
  type: JobType,
  job: JobDefinition,
  tenant: string,
  envs: { readonly [name: string]: string },
): JsonObject {
  const own = settings.parse(job);
  // A periodic has no pull request to report to, and reports all the same.
  const isPeriodic = type === "periodic";
  return withoutEmpty({
    agent: job.agent,
    namespace: own.namespace || defaultNamespace,
    report: isPeriodic || !own.skip_report,
    context: isPeriodic ? "" : job.context || job.name,
    rerun_command: type === "presubmit"
      ? own.rerun_command || `/test ${job.name}`
      : "",
    max_concurrency: own.max_concurrency,
    error_on_eviction: own.error_on_eviction,
    pod_spec: podSpec(job, envs),
    pipeline_run_spec: own.pipeline_run_spec,
    tekton_pipeline_run_spec: own.tekton_pipeline_run_spec,
    reporter_config: withSlackReport(own.reporter_config),
    rerun_auth_config: own.rerun_auth_config,
    hidden: own.hidden,
    prowjob_defaults: { ...job.prowjob_defaults, tenant_id: tenant },
    job_queue_name: own.job_queue_name,
  });
}

function podSpec(
  { spec }: JobDefinition,
  envs: { readonly [name: string]: string },
) {
  const asked = Object.entries(envs).map(([name, value]) => ({ name, value }));
  if (spec === undefined || asked.length === 0) return spec;
  return {
    ...spec,
    containers: spec.containers.map((container) => ({
      ...container,
      env: [...container.env ?? [], ...asked],
    })),
  };
}

/** Prow settles `slack.report` at the start: an empty list of states means that nothing is reported. */
function withSlackReport(
  config: { readonly [name: string]: unknown } | undefined,
) {
  const parsed = slackReport.safeParse(config);
  if (!parsed.success) return config;
  const { slack } = parsed.data;
  const report = slack.report ?? slack.job_states_to_report?.length !== 0;
  return { ...config, slack: { ...slack, report } };
}

/** Go's `omitempty`, as plain JSON. */
function withoutEmpty(spec: { readonly [name: string]: unknown }): JsonObject {
  const set = Object.entries(spec).filter(([, value]) => Boolean(value));
  return JSON.parse(JSON.stringify(Object.fromEntries(set)));
}
