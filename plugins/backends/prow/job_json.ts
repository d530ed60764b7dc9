import * as z from "zod";
import { durationSeconds } from "./duration.ts";
import { jobTypes } from "./execution_type.ts";
import type { Job, JobDefinition } from "./job.ts";
import type { Options } from "./options.ts";
import { tenantOf } from "./tenant.ts";

const texts = z.array(z.string());
const textMap = z.record(z.string(), z.string());

/** A job of the catalogue in the native API. */
export const jobSchema = z.object({
  name: z.string(),
  type: z.enum(jobTypes),
  org: z.string().nullable().describe("Null for periodics"),
  repo: z.string().nullable(),
  branches: texts.describe("Regular expressions; empty for all branches"),
  skipBranches: texts,
  cluster: z.string(),
  tenantId: z.string(),
}).meta({ id: "ProwJobSummary" });

/** All that the catalogue tells about a job. */
export const jobDetailSchema = jobSchema.extend({
  source: z.string().describe("The file that it came from"),
  agent: z.string(),
  isDecorated: z.boolean(),
  timeoutSeconds: z.number(),
  graceSeconds: z.number(),
  images: texts,
  envs: z.array(z.object({
    name: z.string(),
    value: z.string().nullable().describe("Null: known to the cluster only"),
  })).describe(
    "What the job sets itself; a request may set each of them, and more",
  ),
  labels: textMap,
  annotations: textMap,
  cloneOptions: z.object({
    pathAlias: z.string(),
    cloneUri: z.string(),
    skipSubmodules: z.boolean(),
    cloneDepth: z.int(),
    skipFetchHead: z.boolean(),
  }),
  extraRefs: z.array(z.object({
    org: z.string(),
    repo: z.string(),
    baseRef: z.string(),
  })),
}).meta({ id: "ProwJob" });

/** What a job gets that does not say itself. */
export type JobDefaults = Pick<
  Options,
  "timeoutSeconds" | "graceSeconds" | "defaultTenants"
>;

/** A job in a list. */
export function toJobJson(
  { type, orgRepo, definition }: Job,
  defaults: JobDefaults,
): z.output<typeof jobSchema> {
  const slash = orgRepo.lastIndexOf("/");
  return {
    name: definition.name,
    type,
    org: orgRepo === "" ? null : orgRepo.slice(0, Math.max(slash, 0)),
    repo: orgRepo === "" ? null : orgRepo.slice(slash + 1),
    branches: definition.branches ?? [],
    skipBranches: definition.skip_branches ?? [],
    cluster: definition.cluster,
    tenantId: tenantOf(definition, orgRepo, defaults.defaultTenants),
  };
}

/** A job by itself. */
export function toJobDetailJson(
  job: Job,
  defaults: JobDefaults,
): z.output<typeof jobDetailSchema> {
  const { definition, source } = job;
  const containers = definition.spec?.containers ?? [];
  const { timeout = "", grace_period: gracePeriod = "" } =
    definition.decoration_config ?? {};
  return {
    ...toJobJson(job, defaults),
    source,
    agent: definition.agent,
    isDecorated: definition.decorate ?? false,
    timeoutSeconds: durationSeconds(timeout) || defaults.timeoutSeconds,
    graceSeconds: durationSeconds(gracePeriod) || defaults.graceSeconds,
    images: Array.from(
      new Set(containers.flatMap(({ image }) => image ? [image] : [])),
    ),
    envs: envsOf(definition),
    labels: definition.labels ?? {},
    annotations: definition.annotations ?? {},
    cloneOptions: {
      pathAlias: definition.path_alias ?? "",
      cloneUri: definition.clone_uri ?? "",
      skipSubmodules: definition.skip_submodules ?? false,
      cloneDepth: definition.clone_depth ?? 0,
      skipFetchHead: definition.skip_fetch_head ?? false,
    },
    extraRefs: (definition.extra_refs ?? []).map((refs) => ({
      org: refs.org ?? "",
      repo: refs.repo ?? "",
      baseRef: refs.base_ref ?? "",
    })),
  };
}

/** The variables of all containers; of two with one name the later counts. */
function envsOf({ spec }: JobDefinition) {
  const byName = new Map<string, string | null>();
  for (const { env = [] } of spec?.containers ?? []) {
    for (const { name, value, valueFrom } of env) {
      byName.set(name, valueFrom === undefined ? value ?? "" : null);
    }
  }
  return Array.from(byName, ([name, value]) => ({ name, value }));
}
