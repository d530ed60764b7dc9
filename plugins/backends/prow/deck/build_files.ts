import type { Artifact, ByteRange } from "../../../../core/artifact.ts";
import { sha256Hex } from "../../../../core/id.ts";
import { isEnd, type Run } from "../../../../core/run.ts";
import { logStream } from "../../../../http/log_stream.ts";
import { executionStatus } from "../execution_status.ts";
import { type ProwJob, toProwJob } from "../prowjob.ts";
import { refsText } from "../refs.ts";
import { type DeckContext, plainText } from "./deck.ts";
import type { StorageView } from "./storage_layout.ts";

const json = "application/json";

/** A file that can be read. Its `sha256` tells it from what it was before. */
export type StoredFile = Artifact & {
  readonly open: (
    range?: ByteRange,
  ) => Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>;
};

/**
 * The files of a build in Prow's storage layout, by path within it. What an
 * executor handed in is there as it is; the log and the ProwJob are the
 * server's, and so are `started.json` and `finished.json` of a build whose
 * runner handed in none, because it was lost or never got so far.
 */
export async function buildFiles(
  { artifacts, logs }: DeckContext,
  run: Run,
  view: StorageView,
): Promise<ReadonlyMap<string, StoredFile>> {
  const files = new Map<string, StoredFile>();
  const add = (file: StoredFile) => files.set(file.path, file);
  const prowjob = toProwJob(run, view);
  const addJson = async (path: string, value: unknown) =>
    add(await textFile(path, toJson(value), run.updatedAt, json));
  await addJson("started.json", toStarted(run, prowjob));
  if (isEnd(run.state)) await addJson("finished.json", toFinished(run));
  for (const artifact of await artifacts.list(run)) {
    const open = async (range?: ByteRange) =>
      (await artifacts.open(run, artifact.path, range))?.body ?? null;
    add({ ...artifact, open });
  }
  await addJson("prowjob.json", prowjob);
  add({
    path: "build-log.txt",
    sizeBytes: run.logBytes,
    // An attempt's log only grows.
    sha256: `${run.attempt}-${run.logBytes}`,
    contentType: plainText,
    createdAt: run.updatedAt,
    open: (range) =>
      Promise.resolve(logStream(logs, run, range?.start, range?.end)),
  });
  return files;
}

/** A file of a text. */
export async function textFile(
  path: string,
  text: string,
  createdAt: number,
  contentType: string = plainText,
): Promise<StoredFile> {
  const bytes = new TextEncoder().encode(text);
  return {
    path,
    sizeBytes: bytes.byteLength,
    sha256: await sha256Hex(text),
    contentType,
    createdAt,
    open: (range) =>
      Promise.resolve(
        new Blob([bytes.subarray(range?.start ?? 0, range?.end)]).stream(),
      ),
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** As Prow's crier writes it for a pod that did not get to it. */
function toStarted({ startedAt, createdAt }: Run, { spec }: ProwJob) {
  const { refs, extra_refs = [] } = spec;
  const about = [...refs ? [refs] : [], ...extra_refs];
  const pull = refs?.pulls?.[0];
  const repos = about.map((each) => [
    `${each.org ?? ""}/${each.repo ?? ""}`,
    refsText(each),
  ]);
  const revision = pull?.sha || about[0]?.base_sha || about[0]?.base_ref;
  return {
    timestamp: seconds(startedAt ?? createdAt),
    ...pull && { pull: String(pull.number) },
    ...repos.length > 0 && { repos: Object.fromEntries(repos) },
    ...revision && { "repo-commit": revision, "repo-version": revision },
  };
}

function toFinished({ finishedAt, updatedAt, state }: Run) {
  const result = executionStatus(state);
  return {
    timestamp: seconds(finishedAt ?? updatedAt),
    passed: result === "SUCCESS",
    metadata: { uploader: "slipway" },
    result,
  };
}

function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
