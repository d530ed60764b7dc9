import type { JobDefinition, PodSpec, Preset } from "./job.ts";
import { podSpecFault } from "./pod_spec.ts";

/** A job with what its presets add, or why they do not fit. */
export type Merged =
  | { readonly kind: "merged"; readonly definition: JobDefinition }
  | { readonly kind: "fault"; readonly reason: string };

/**
 * Adds to a job every preset whose labels it carries; one without labels
 * applies to all jobs. A name that is already taken is a fault, as in Prow.
 */
export function mergePresets(
  definition: JobDefinition,
  presets: readonly Preset[],
): Merged {
  let spec = definition.spec;
  if (spec === undefined) return { kind: "merged", definition };
  for (const preset of presets) {
    if (!carries(definition, preset)) continue;
    const reason = clash(spec, preset);
    if (reason !== null) return { kind: "fault", reason };
    spec = add(spec, preset);
  }
  const reason = podSpecFault(spec);
  if (reason !== null) return { kind: "fault", reason };
  return { kind: "merged", definition: { ...definition, spec } };
}

function carries({ labels = {} }: JobDefinition, preset: Preset): boolean {
  for (const [name, value] of Object.entries(preset.labels ?? {})) {
    if (!Object.hasOwn(labels, name) || labels[name] !== value) return false;
  }
  return true;
}

function clash(spec: PodSpec, preset: Preset): string | null {
  for (const { env, volumeMounts } of spec.containers) {
    const variable = taken(env, preset.env);
    if (variable !== null) return `env var duplicated in pod spec: ${variable}`;
    const mount = taken(volumeMounts, preset.volumeMounts);
    if (mount !== null) return `volume mount duplicated in pod spec: ${mount}`;
  }
  const volume = taken(spec.volumes, preset.volumes);
  return volume === null ? null : `volume duplicated in pod spec: ${volume}`;
}

type Named = { readonly name: string };

/** The first name of `more` that is already there. */
function taken(
  have: readonly Named[] = [],
  more: readonly Named[] = [],
): string | null {
  return more.find(({ name }) => have.some((other) => other.name === name))
    ?.name ?? null;
}

function add(spec: PodSpec, preset: Preset): PodSpec {
  const { env = [], volumes = [], volumeMounts = [] } = preset;
  const added = [...spec.tolerations ?? [], ...preset.tolerations ?? []];
  return {
    ...spec,
    ...added.length > 0 && { tolerations: added },
    volumes: [...spec.volumes ?? [], ...volumes],
    containers: spec.containers.map((container) => ({
      ...container,
      env: [...container.env ?? [], ...env],
      volumeMounts: [...container.volumeMounts ?? [], ...volumeMounts],
    })),
  };
}
