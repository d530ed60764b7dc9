import { decorate, type DecorationDefault } from "./decoration.ts";
import type { Job, Preset } from "./job.ts";
import {
  type Fault,
  type JobFile,
  readJobFile,
  type WrittenJob,
  type WrittenPreset,
} from "./job_file.ts";
import { mergePresets, pairsOf, Presets } from "./presets.ts";
import { Rivals } from "./rivals.ts";

/** Every job of some configuration, and what of it is unusable. */
export type Catalogue = {
  readonly jobs: readonly Job[];
  readonly faults: readonly Fault[];
};

/** What files say about the jobs of all files. */
type Shared = {
  readonly presets: Presets;
  readonly decorateAllJobs: boolean;
  readonly decorationDefaults: readonly DecorationDefault[];
};

/** Reads files of job configuration as one: presets and defaults of each apply to the jobs of all. */
export function readCatalogue(
  files: Iterable<{ readonly path: string; readonly text: string }>,
): Catalogue {
  return joinFiles(
    Array.from(files, ({ path, text }) => readJobFile(path, text)),
  );
}

/** Merges what the files say; of jobs that cannot be told apart the first stays. */
export function joinFiles(files: readonly JobFile[]): Catalogue {
  const { presets, faults: unusable } = distinctPresets(
    files.flatMap((file) => file.presets),
  );
  const shared = {
    presets: new Presets(presets),
    decorateAllJobs: files.some((file) => file.decorateAllJobs),
    decorationDefaults: files.flatMap((file) => file.decorationDefaults),
  };
  const faults = [...files.flatMap((file) => file.faults), ...unusable];
  const jobs: Job[] = [];
  const rivals = new Rivals();
  for (const written of files.flatMap((file) => file.jobs)) {
    const { file, line, definition } = written;
    const fault = (reason: string) =>
      faults.push({ file, line, reason: `${definition.name}: ${reason}` });
    const rivalry = rivals.add(written);
    if (rivalry !== null) {
      fault(rivalry);
      continue;
    }
    const completed = complete(written, shared);
    if (completed.kind === "fault") fault(completed.reason);
    else jobs.push(completed.job);
  }
  return { jobs, faults };
}

/** A job with what all files say about it. */
function complete(
  { type, orgRepo, file, definition }: WrittenJob,
  shared: Shared,
):
  | { readonly kind: "complete"; readonly job: Job }
  | { readonly kind: "fault"; readonly reason: string } {
  const merged = mergePresets(definition, shared.presets);
  if (merged.kind === "fault") return merged;
  const isDecorated = definition.decorate ?? shared.decorateAllJobs;
  const config = isDecorated
    ? decorate(
      definition.decoration_config,
      { orgRepo: placeOf(orgRepo, definition), cluster: definition.cluster },
      shared.decorationDefaults,
    )
    : definition.decoration_config;
  return {
    kind: "complete",
    job: {
      type,
      orgRepo,
      source: file,
      definition: {
        ...merged.definition,
        decorate: isDecorated,
        ...config && { decoration_config: config },
      },
    },
  };
}

/** A periodic counts to the repository of its first extra ref. */
function placeOf(orgRepo: string, job: WrittenJob["definition"]): string {
  const [first] = job.extra_refs ?? [];
  if (orgRepo !== "" || first === undefined) return orgRepo;
  return `${first.org ?? ""}/${first.repo ?? ""}`;
}

/** Prow wants each label of a preset, with its value, in one preset only. */
function distinctPresets(
  written: readonly WrittenPreset[],
): { presets: Preset[]; faults: Fault[] } {
  const presets: Preset[] = [];
  const faults: Fault[] = [];
  const pairs = new Set<string>();
  for (const { file, line, preset } of written) {
    const own = pairsOf(preset.labels);
    const twice = own.find((pair) => pairs.has(pair));
    if (twice === undefined) {
      own.forEach((pair) => pairs.add(pair));
      presets.push(preset);
    } else {
      const reason = `duplicated preset: ${twice} belongs to another one`;
      faults.push({ file, line, reason });
    }
  }
  return { presets, faults };
}
