import type { JobDefinition, PodSpec, Preset } from "./job.ts";
import { podSpecFault } from "./pod_spec.ts";

/** A job with what its presets add, or why they do not fit. */
export type Merged =
  | { readonly kind: "merged"; readonly definition: JobDefinition }
  | { readonly kind: "fault"; readonly reason: string };

/** Every preset, found by the labels of jobs. */
export class Presets {
  readonly #order: ReadonlyMap<Preset, number>;
  /** Presets by the first of their labels; those without are for all jobs. */
  readonly #byLabel = new Map<string | undefined, Preset[]>();

  constructor(presets: readonly Preset[]) {
    this.#order = new Map(presets.map((preset, index) => [preset, index]));
    for (const preset of presets) {
      const [first] = pairsOf(preset.labels);
      const others = this.#byLabel.get(first);
      if (others === undefined) this.#byLabel.set(first, [preset]);
      else others.push(preset);
    }
  }

  /** The presets of which the labels carry every label, in their order. */
  of(labels: JobDefinition["labels"]): Preset[] {
    const pairs = new Set(pairsOf(labels));
    return [undefined, ...pairs]
      .flatMap((pair) => this.#byLabel.get(pair) ?? [])
      .filter((preset) => pairsOf(preset.labels).every((own) => pairs.has(own)))
      .sort((one, other) => this.#positionOf(one) - this.#positionOf(other));
  }

  #positionOf(preset: Preset): number {
    return this.#order.get(preset) ?? 0;
  }
}

/** Each label with its value as `label:value`. */
export function pairsOf(labels: Preset["labels"] = {}): string[] {
  return Object.entries(labels).map(([label, value]) => `${label}:${value}`);
}

/**
 * Adds to a job every preset whose labels it carries; one without labels
 * applies to all jobs. A name that is already taken is a fault, as in Prow.
 */
export function mergePresets(
  definition: JobDefinition,
  presets: Presets,
): Merged {
  let spec = definition.spec;
  if (spec === undefined) return { kind: "merged", definition };
  for (const preset of presets.of(definition.labels)) {
    const reason = clash(spec, preset);
    if (reason !== null) return { kind: "fault", reason };
    spec = add(spec, preset);
  }
  const reason = podSpecFault(spec);
  if (reason !== null) return { kind: "fault", reason };
  return { kind: "merged", definition: { ...definition, spec } };
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
  if (more.length === 0) return null;
  const names = new Set(have.map(({ name }) => name));
  return more.find(({ name }) => names.has(name))?.name ?? null;
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
