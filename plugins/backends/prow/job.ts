import * as z from "zod";
import { decorationConfig } from "./decoration.ts";
import type { JobType } from "./execution_type.ts";
import { goName, goObject, goText, goTextMap } from "./go_object.ts";

/** A text that Prow sets when it is empty. */
function textOr(standard: string) {
  return goText.optional().transform((text) => text || standard);
}

const envVar = goObject({ name: goName, value: goText.optional() });

const named = goObject({ name: goName });

const container = goObject({
  name: goName.optional(),
  image: goText.optional(),
  command: z.array(goText).optional(),
  args: z.array(goText).optional(),
  env: z.array(envVar).optional(),
  volumeMounts: z.array(named).optional(),
});

const podSpec = goObject({
  containers: z.array(container).min(1, "expected at least one container"),
  volumes: z.array(named).optional(),
  tolerations: z.array(z.unknown()).optional(),
});

const utility = {
  path_alias: goText.optional(),
  clone_uri: goText.optional(),
  skip_submodules: z.boolean().optional(),
  clone_depth: z.int().optional(),
  skip_fetch_head: z.boolean().optional(),
};

/** Refs in the form of the ProwJob resource. */
const extraRefs = goObject({
  ...utility,
  org: goText.optional(),
  repo: goText.optional(),
  base_ref: goText.optional(),
  workdir: z.boolean().optional(),
});

/** A job as job configuration writes it; what Slipway does not use is kept. */
export const jobDefinition = goObject({
  ...utility,
  name: goName,
  labels: goTextMap.optional(),
  annotations: goTextMap.optional(),
  agent: textOr("kubernetes"),
  cluster: textOr("default"),
  spec: podSpec.optional(),
  decorate: z.boolean().optional(),
  decoration_config: decorationConfig.optional(),
  extra_refs: z.array(extraRefs).optional(),
  /** What it is called on a pull request; its name when it does not say. */
  context: goText.optional(),
  prowjob_defaults: goObject({ tenant_id: goText.optional() }).optional(),
  branches: z.array(goText).optional(),
  skip_branches: z.array(goText).optional(),
});

/** Environment, volumes, mounts and tolerations for every job that carries the labels; for all jobs when it has none. */
export const preset = goObject({
  labels: goTextMap.optional(),
  env: z.array(envVar).optional(),
  volumes: z.array(named).optional(),
  volumeMounts: z.array(named).optional(),
  tolerations: z.array(z.unknown()).optional(),
});

export type JobDefinition = z.output<typeof jobDefinition>;
export type PodSpec = z.output<typeof podSpec>;
export type Preset = z.output<typeof preset>;

/** A job of the catalogue. */
export type Job = {
  readonly type: JobType;
  /** `org/repo`; empty for periodics, which belong to no repository. */
  readonly orgRepo: string;
  /** The file that it came from. */
  readonly source: string;
  readonly definition: JobDefinition;
};
