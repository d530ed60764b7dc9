import { intersects } from "./branches.ts";
import type { WrittenJob } from "./job_file.ts";

/** Each job is compared with all of its name and context, so there is an end to them. */
const maxRivals = 1000;

/** The jobs that were taken so far, to find those that cannot stand beside them. */
export class Rivals {
  readonly #byName = new Map<string, WrittenJob[]>();
  readonly #byContext = new Map<string, WrittenJob[]>();

  /** Why Prow would not have the job beside the others; when it would, it is one of them from now on. */
  add(job: WrittenJob): string | null {
    const { type, orgRepo, definition } = job;
    const { name, context } = definition;
    const place = [type, orgRepo] as const;
    const namesakes = rivals(this.#byName, [...place, name]);
    const reporters = type === "periodic"
      ? []
      : rivals(this.#byContext, [...place, context || name]);
    if (Math.max(namesakes.length, reporters.length) >= maxRivals) {
      return `there are already ${maxRivals} jobs of its name or context`;
    }
    const twin = namesakes.find((rival) => meet(rival, job));
    if (twin !== undefined) {
      return `duplicated ${type} job: it is also in ${twin.file}`;
    }
    const other = reporters.find((rival) => meet(rival, job));
    if (other !== undefined) {
      return `it reports to the same context as ${other.definition.name} in ${other.file}`;
    }
    namesakes.push(job);
    reporters.push(job);
    return null;
  }
}

function meet(one: WrittenJob, other: WrittenJob): boolean {
  return intersects(one.definition, other.definition);
}

function rivals(
  groups: Map<string, WrittenJob[]>,
  place: readonly string[],
): WrittenJob[] {
  const key = JSON.stringify(place);
  const group = groups.get(key) ?? [];
  groups.set(key, group);
  return group;
}
