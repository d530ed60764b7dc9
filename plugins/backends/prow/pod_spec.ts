import type { PodSpec } from "./job.ts";

/** What Prow refuses in a pod with its presets merged in, or null. */
export function podSpecFault({ containers, volumes }: PodSpec): string | null {
  if (containers.length > 1) {
    if (containers.some(({ name }) => !name)) {
      return "of several containers each needs a name";
    }
    const container = firstTwice(containers.map(({ name }) => name ?? ""));
    if (container !== null) {
      return `container "${container}" is defined more than once`;
    }
  }
  for (const { env = [] } of containers) {
    const variable = firstTwice(env.map(({ name }) => name));
    if (variable !== null) {
      return `env var "${variable}" is defined more than once`;
    }
  }
  const volume = firstTwice((volumes ?? []).map(({ name }) => name));
  return volume === null
    ? null
    : `volume "${volume}" is defined more than once`;
}

function firstTwice(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
