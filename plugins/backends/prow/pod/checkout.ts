import type { Host, Work } from "../../../../core/executor.ts";
import type { Refs } from "../refs.ts";
import type { Task } from "../task.ts";
import { clone, type CloneLent } from "./clone.ts";
import { clonePath, overlapFault } from "./clone_path.ts";
import {
  cloneLog,
  type CloneRecord,
  cloneRecordsJson,
} from "./clone_record.ts";
import { gitEnvironment } from "./git.ts";
import { Mask } from "./mask.ts";
import { podSettings } from "./settings.ts";

/** What was got for a job before it starts. */
export type Checkout = {
  readonly records: readonly CloneRecord[];
  /** The record as files to keep: path and text. */
  readonly files: readonly (readonly [path: string, text: string])[];
  /** Why something could not be got, or null. */
  readonly fault: string | null;
  /** Below GOPATH: the folder that the job starts in; null when there is nothing to get. */
  readonly workPath: string | null;
};

/**
 * Clones the repositories of a job, all at once. When it fails the log has it too, since that is then all that there is to see.
 */
export async function checkOutAll(
  task: Task,
  work: Work,
  host: Host,
  gopath: CloneLent["gopath"],
): Promise<Checkout> {
  const wanted = repositories(task);
  const paths = wanted.map(pathOf);
  const overlap = overlapFault(paths);
  if (overlap !== null) {
    const fault = `Cannot clone its repositories: ${overlap}`;
    return { records: [], files: [], fault, workPath: null };
  }
  if (wanted.length === 0) {
    return { records: [], files: [], fault: null, workPath: null };
  }
  const { gitRoots: roots, secrets } = podSettings(host);
  const lent: CloneLent = {
    env: gitEnvironment(host.env, roots),
    roots,
    gopath,
    signal: work.signal,
    now: work.now,
    mask: maskText(secrets),
  };
  const records = await Promise.all(wanted.map((refs) => clone(refs, lent)));
  const fault = records.find((record) => record.fault !== null)?.fault ?? null;
  const log = lent.mask(cloneLog(records));
  if (fault !== null && !work.signal.aborted) work.log(log);
  const first = wanted.findIndex(({ workdir }) => workdir);
  return {
    records,
    files: [
      ["clone-log.txt", log],
      ["clone-records.json", lent.mask(cloneRecordsJson(records))],
    ],
    fault,
    workPath: paths[Math.max(0, first)] ?? null,
  };
}

/** What clonerefs would be told to clone. */
function repositories(task: Task): Refs[] {
  if (task.decorationConfig?.skip_cloning === true) return [];
  return [...task.refs ? [task.refs] : [], ...task.extraRefs];
}

/** Empty when it has none, which `clone` refuses. */
function pathOf(refs: Refs): string {
  const place = clonePath(refs);
  return "path" in place ? place.path : "";
}

/** Secrets, and the credentials that URLs may bring along. */
function maskText(secrets: readonly string[]): (text: string) => string {
  const mask = new Mask(secrets);
  return (text) =>
    mask.text(text).replaceAll(/(https?:\/\/)[^\s/@"]+@/g, "$1XXX@");
}
