import { intersects } from "./branches.ts";
import type { Job } from "./job.ts";
import {
  type Fault,
  type JobFile,
  readJobFile,
  type WrittenJob,
} from "./job_file.ts";
import { mergePresets } from "./presets.ts";

/** Every job of some configuration, and what of it is unusable. */
export type Catalogue = {
  readonly jobs: readonly Job[];
  readonly faults: readonly Fault[];
};

/** Reads files of job configuration as one: presets of each apply to the jobs of all. */
export function readCatalogue(
  files: Iterable<{ readonly path: string; readonly text: string }>,
): Catalogue {
  return joinFiles(
    Array.from(files, ({ path, text }) => readJobFile(path, text)),
  );
}

/** Merges what the files say; of jobs that cannot be told apart the first stays. */
export function joinFiles(files: readonly JobFile[]): Catalogue {
  const faults = files.flatMap((file) => file.faults);
  const presets = files.flatMap((file) => file.presets);
  const decorateAllJobs = files.some((file) => file.decorateAllJobs);
  const kept = new Map<string, WrittenJob[]>();
  const jobs: Job[] = [];
  for (const written of files.flatMap((file) => file.jobs)) {
    const { file, line, type, orgRepo, definition } = written;
    const fault = (reason: string) =>
      faults.push({ file, line, reason: `${definition.name}: ${reason}` });
    const rivals = rivalsOf(kept, written);
    const twin = rivals.find((rival) =>
      intersects(rival.definition, definition)
    );
    if (twin !== undefined) {
      fault(`duplicated ${type} job: it is also in ${twin.file}`);
      continue;
    }
    const merged = mergePresets(definition, presets);
    if (merged.kind === "fault") {
      fault(merged.reason);
      continue;
    }
    rivals.push(written);
    const decorate = definition.decorate ?? decorateAllJobs;
    const complete = { ...merged.definition, decorate };
    jobs.push({ type, orgRepo, source: file, definition: complete });
  }
  return { jobs, faults };
}

/** The jobs that have the same name in the same place. */
function rivalsOf(
  kept: Map<string, WrittenJob[]>,
  { type, orgRepo, definition }: WrittenJob,
): WrittenJob[] {
  const key = JSON.stringify([type, orgRepo, definition.name]);
  const rivals = kept.get(key) ?? [];
  kept.set(key, rivals);
  return rivals;
}
