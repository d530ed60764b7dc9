import * as z from "zod";
import { branchesFault } from "./branches.ts";
import { type DecorationDefault, decorationDefault } from "./decoration.ts";
import type { JobType } from "./execution_type.ts";
import { goObject } from "./go_object.ts";
import {
  type JobDefinition,
  jobDefinition,
  type Preset,
  preset,
} from "./job.ts";
import { labelValueFaults, qualifiedNameFault } from "./kubernetes_name.ts";
import { type Path, readYaml, type YamlDocument } from "./yaml_document.ts";

/** Why a file, or one job of it, cannot be used. */
export type Fault = {
  readonly file: string;
  readonly line: number | null;
  readonly reason: string;
};

/** A job as one file tells it: presets and defaults may come from other files. */
export type WrittenJob = {
  readonly type: JobType;
  readonly orgRepo: string;
  readonly file: string;
  readonly line: number | null;
  readonly definition: JobDefinition;
};

/** A preset and where it stands. */
export type WrittenPreset = {
  readonly file: string;
  readonly line: number | null;
  readonly preset: Preset;
};

/** What one file of job configuration says; the main configuration may be one. */
export type JobFile = {
  readonly jobs: readonly WrittenJob[];
  readonly presets: readonly WrittenPreset[];
  /** Jobs are decorated unless they say otherwise. */
  readonly decorateAllJobs: boolean;
  readonly decorationDefaults: readonly DecorationDefault[];
  readonly faults: readonly Fault[];
};

/** After so many faults the rest of a document is left unread. */
const maxFaults = 100;

const list = z.array(z.unknown()).default([]);
const listByRepo = z.record(z.string(), z.array(z.unknown()).nullable())
  .default({});

const topLevel = goObject({
  presets: list,
  periodics: list,
  presubmits: listByRepo,
  postsubmits: listByRepo,
  decorate_all_jobs: z.boolean().default(false),
  plank: goObject({
    default_decoration_config_entries: z.array(decorationDefault).default([]),
  }).optional(),
});

/** A job that can be run: also what its fields do not say one by one. */
const checkedJob = jobDefinition.superRefine((job, context) => {
  const fault = (message: string, ...path: string[]) =>
    context.addIssue({ code: "custom", message, path });
  const branches = branchesFault(job);
  if (branches !== null) fault(branches);
  if (job.agent === "kubernetes" && job.spec === undefined) {
    fault("a job of agent kubernetes needs a spec");
  }
  // Jenkins has folders.
  const name = job.agent === "jenkins" ? /^[A-Za-z0-9._/-]+$/ : /^[\w.-]+$/;
  if (!name.test(job.name)) {
    fault("expected letters, digits, '-', '.' and '_' only", "name");
  }
  for (const [label, value] of Object.entries(job.labels ?? {})) {
    const reason = qualifiedNameFault(label) ?? labelValueFaults(value)[0];
    if (reason !== undefined) fault(reason, "labels", label);
  }
  for (const key of Object.keys(job.annotations ?? {})) {
    const reason = qualifiedNameFault(key);
    if (reason !== null) fault(reason, "annotations", key);
  }
});

/** Reads job configuration; one bad job does not stop the others. Several documents count as one file. */
export function readJobFile(file: string, text: string): JobFile {
  const documents = readYaml(text);
  if (!Array.isArray(documents)) {
    const { line, reason } = documents;
    return { ...emptyJobFile, faults: [{ file, line, reason }] };
  }
  const parts = documents.map((document) =>
    new DocumentReader(file, document).read()
  );
  return {
    jobs: parts.flatMap((part) => part.jobs),
    presets: parts.flatMap((part) => part.presets),
    decorateAllJobs: parts.some((part) => part.decorateAllJobs),
    decorationDefaults: parts.flatMap((part) => part.decorationDefaults),
    faults: parts.flatMap((part) => part.faults),
  };
}

/** A file without anything in it. */
export const emptyJobFile: JobFile = {
  jobs: [],
  presets: [],
  decorateAllJobs: false,
  decorationDefaults: [],
  faults: [],
};

/** Reads one document, collecting faults on the way. */
class DocumentReader {
  readonly #file: string;
  readonly #document: YamlDocument;
  readonly #faults: Fault[] = [];

  constructor(file: string, document: YamlDocument) {
    this.#file = file;
    this.#document = document;
  }

  read(): JobFile {
    const { value } = this.#document;
    if (value === null) return emptyJobFile;
    const [top] = this.#parse(topLevel, value, []);
    if (top === undefined) return { ...emptyJobFile, faults: this.#faults };
    const presets = top.presets.flatMap((item, index) =>
      this.#preset(item, ["presets", index])
    );
    const periodics = top.periodics.flatMap((item, index) =>
      this.#job("periodic", "", item, ["periodics", index])
    );
    const presubmits = this.#byRepo("presubmit", top.presubmits);
    const postsubmits = this.#byRepo("postsubmit", top.postsubmits);
    return {
      jobs: [...periodics, ...presubmits, ...postsubmits],
      presets,
      decorateAllJobs: top.decorate_all_jobs,
      decorationDefaults: top.plank?.default_decoration_config_entries ?? [],
      faults: this.#faults,
    };
  }

  #byRepo(
    type: "presubmit" | "postsubmit",
    repos: z.output<typeof listByRepo>,
  ): WrittenJob[] {
    return Object.entries(repos).flatMap(([orgRepo, jobs]) =>
      (jobs ?? []).flatMap((item, index) =>
        this.#job(type, orgRepo, item, [`${type}s`, orgRepo, index])
      )
    );
  }

  #preset(item: unknown, path: Path): WrittenPreset[] {
    return this.#parse(preset, item, path).map((preset) => ({
      file: this.#file,
      line: this.#document.lineOf(path),
      preset,
    }));
  }

  #job(
    type: JobType,
    orgRepo: string,
    item: unknown,
    path: Path,
  ): WrittenJob[] {
    return this.#parse(checkedJob, item, path).map((definition) => ({
      type,
      orgRepo,
      file: this.#file,
      line: this.#document.lineOf(path),
      definition,
    }));
  }

  /** The value when it fits the schema; nothing, and a fault, when it does not. */
  #parse<T>(schema: z.ZodType<T>, value: unknown, path: Path): T[] {
    if (this.#faults.length > maxFaults) return [];
    const parsed = schema.safeParse(value);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    const at = [...path, ...issue?.path ?? []];
    const place = at.map(String).join(".") || "the document";
    this.#fault(at, `${place}: ${issue?.message ?? "invalid"}`);
    return [];
  }

  #fault(at: Path, reason: string): void {
    const isLast = this.#faults.length === maxFaults;
    this.#faults.push({
      file: this.#file,
      line: this.#document.lineOf(at),
      reason: isLast
        ? `it has more than ${maxFaults} faults; the rest is left out`
        : reason,
    });
  }
}
