import type { Refs } from "../refs.ts";

/** One command of a clone. */
export type RecordedCommand = {
  /** As Prow writes it: `PWD=FOLDER git fetch …`. */
  readonly command: string;
  readonly output: string;
  /** Empty when it succeeded. */
  readonly error: string;
  readonly durationMs: number;
};

/** What was done to get one repository. */
export type CloneRecord = {
  readonly refs: Refs;
  readonly commands: readonly RecordedCommand[];
  /** Why it failed, for the person who asked; null when it did not. */
  readonly fault: string | null;
  /** The commit that is checked out in the end; empty when that is not known. */
  readonly finalSha: string;
  readonly durationMs: number;
};

/** `clone-records.json` (Prow pkg/pod-utils/clone/types.go): Go's durations are nanoseconds, and nothing empty is written. */
export function cloneRecordsJson(records: readonly CloneRecord[]): string {
  return JSON.stringify(records.map((record) => ({
    refs: record.refs,
    ...record.commands.length > 0 && {
      commands: record.commands.map((each) => ({
        command: each.command,
        ...each.output && { output: each.output },
        ...each.error && { error: each.error },
        ...duration(each.durationMs),
      })),
    },
    ...record.fault !== null && { failed: true },
    ...record.finalSha && { final_sha: record.finalSha },
    ...duration(record.durationMs),
  })));
}

/** `clone-log.txt` (Prow pkg/pod-utils/clone/format.go). */
export function cloneLog(records: readonly CloneRecord[]): string {
  return records.map(logOf).join("");
}

function logOf({ refs, ...record }: CloneRecord): string {
  const sha = refs.base_sha ? `(${refs.base_sha})` : "";
  const pulls = refs.pulls ?? [];
  return [
    ...record.fault !== null ? ["# FAILED"] : [],
    `# Cloning ${refs.org ?? ""}/${refs.repo ?? ""} at ${
      refs.base_ref ?? ""
    }${sha}`,
    ...pulls.length > 0 ? ["# Checking out pulls:"] : [],
    ...pulls.map((pull) =>
      `#\t${pull.number}${pull.sha ? `(${pull.sha})` : ""}`
    ),
    ...record.commands.flatMap(commandLines),
    ...record.fault !== null ? [`# Error: ${record.fault}`] : [],
    `# Final SHA: ${record.finalSha}`,
    `# Total runtime: ${seconds(record.durationMs)}`,
  ].map((line) => `${line}\n`).join("");
}

function commandLines(each: RecordedCommand): string[] {
  const output = each.output.replace(/\n$/, "");
  return [
    `$ ${each.command} (runtime: ${seconds(each.durationMs)})`,
    ...output ? [output] : [],
    ...each.error ? [`# Error: ${each.error}`] : [],
  ];
}

function duration(ms: number) {
  return ms > 0 ? { duration: Math.round(ms * 1_000_000) } : {};
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
