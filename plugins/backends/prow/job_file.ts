import * as z from "zod";
import { branchesFault } from "./branches.ts";
import type { JobType } from "./execution_type.ts";
import { goObject } from "./go_object.ts";
import {
  type JobDefinition,
  jobDefinition,
  type Preset,
  preset,
} from "./job.ts";
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

/** What one file of job configuration says. */
export type JobFile = {
  readonly jobs: readonly WrittenJob[];
  readonly presets: readonly Preset[];
  /** Jobs are decorated unless they say otherwise. */
  readonly decorateAllJobs: boolean;
  readonly faults: readonly Fault[];
};

const list = z.array(z.unknown()).default([]);
const listByRepo = z.record(z.string(), z.array(z.unknown()).nullable())
  .default({});

const topLevel = goObject({
  presets: list,
  periodics: list,
  presubmits: listByRepo,
  postsubmits: listByRepo,
  decorate_all_jobs: z.boolean().default(false),
});

/** A job that can be run: also what its fields do not say one by one. */
const checkedJob = jobDefinition.superRefine((job, context) => {
  const fault = branchesFault(job);
  if (fault !== null) context.addIssue(fault);
  if (job.agent === "kubernetes" && job.spec === undefined) {
    context.addIssue("a job of agent kubernetes needs a spec");
  }
});

/** Reads job configuration; one bad job does not stop the others. Several documents count as one file. */
export function readJobFile(file: string, text: string): JobFile {
  const parts = readYaml(text).map((document) =>
    new DocumentReader(file, document).read()
  );
  return {
    jobs: parts.flatMap((part) => part.jobs),
    presets: parts.flatMap((part) => part.presets),
    decorateAllJobs: parts.some((part) => part.decorateAllJobs),
    faults: parts.flatMap((part) => part.faults),
  };
}

/** Reads one document, collecting faults on the way. */
class DocumentReader {
  readonly #file: string;
  readonly #document: YamlDocument;
  readonly #faults: Fault[] = [];

  constructor(file: string, document: YamlDocument) {
    this.#file = file;
    this.#document = document;
    if (document.fault !== null) this.#faults.push({ file, ...document.fault });
  }

  read(): JobFile {
    const { value } = this.#document;
    const [top] = value === null ? [] : this.#parse(topLevel, value, []);
    const presets = top?.presets.flatMap((item, index) =>
      this.#parse(preset, item, ["presets", index])
    );
    const periodics = top?.periodics.flatMap((item, index) =>
      this.#job("periodic", "", item, ["periodics", index])
    );
    const presubmits = this.#byRepo("presubmit", top?.presubmits);
    const postsubmits = this.#byRepo("postsubmit", top?.postsubmits);
    return {
      jobs: [...periodics ?? [], ...presubmits, ...postsubmits],
      presets: presets ?? [],
      decorateAllJobs: top?.decorate_all_jobs ?? false,
      faults: this.#faults,
    };
  }

  #byRepo(
    type: "presubmit" | "postsubmit",
    repos: z.output<typeof listByRepo> = {},
  ): WrittenJob[] {
    return Object.entries(repos).flatMap(([orgRepo, jobs]) =>
      (jobs ?? []).flatMap((item, index) =>
        this.#job(type, orgRepo, item, [`${type}s`, orgRepo, index])
      )
    );
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
    const parsed = schema.safeParse(value);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    const at = [...path, ...issue?.path ?? []];
    const place = at.map(String).join(".") || "the document";
    this.#faults.push({
      file: this.#file,
      line: this.#document.lineOf(at),
      reason: `${place}: ${issue?.message ?? "invalid"}`,
    });
    return [];
  }
}
