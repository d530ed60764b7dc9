/**
 * `deno task catalog`: fills the catalogue of Prow jobs.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  type Catalogue,
  joinFiles,
} from "../plugins/backends/prow/catalogue.ts";
import {
  compareCatalogue,
  importCatalogue,
  type ImportSummary,
} from "../plugins/backends/prow/catalogue_store.ts";
import type { Job } from "../plugins/backends/prow/job.ts";
import type { Fault } from "../plugins/backends/prow/job_file.ts";
import {
  findJobFiles,
  loadJobFile,
} from "../plugins/backends/prow/job_folder.ts";
import { standardError, startProgress } from "./progress.ts";
import { print, printable, runScript, tell, UsageError } from "./script.ts";
import { audit, openStore, openUnchanged } from "./store.ts";

const help = `Usage: deno task catalog import [--dry-run] DIR|FILE...

Replaces the catalogue with the jobs of the given Prow job configuration: files,
and all .yaml and .yml files below folders but for those that a .prowignore
names. Files may be compressed with gzip. Name Prow's main configuration among
them to have its defaults for decoration.

The catalogue is replaced at once; a server may be running on it. What cannot be
used is named on standard error with its line and left out; the exit code is
then 1.

  --dry-run   only tell what would be added, changed and removed`;

/** Names of each kind that are told, but for a dry run, which tells all. */
const maxNames = 20;

/** What `deno task catalog` is asked to do. */
export type CatalogArguments = {
  readonly paths: readonly string[];
  readonly isDryRun: boolean;
};

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is missing.
 */
export function readCatalogArguments(
  args: readonly string[],
): CatalogArguments {
  const parsed = parseArgs([...args], {
    boolean: ["dry-run"],
    string: ["_"],
    unknown(arg, key) {
      if (key === undefined) return true;
      throw new UsageError(
        `Cannot manage the catalogue: there is no option ${arg}; known is --dry-run`,
      );
    },
  });
  const [verb, ...paths] = parsed._.map(String);
  if (verb !== "import") {
    throw new UsageError(
      verb === undefined
        ? "Cannot manage the catalogue: say what to do, import"
        : `Cannot manage the catalogue: "${verb}" is not known; use import`,
    );
  }
  if (paths.length === 0) {
    throw new UsageError("Cannot import: name a folder or a file");
  }
  return { paths, isDryRun: parsed["dry-run"] === true };
}

async function main(args: readonly string[]): Promise<void> {
  const { paths, isDryRun } = readCatalogArguments(args);
  const { jobs, faults } = await readPaths(paths);
  for (const fault of faults) tell(printable(faultLine(fault)));
  if (jobs.length === 0) {
    throw new Error(
      `Cannot import: there is no usable job in ${
        paths.join(", ")
      }; the catalogue stays as it is`,
    );
  }
  const summary = isDryRun ? await wouldChange(jobs) : await replace(jobs);
  print(summaryText(summary, isDryRun ? Infinity : maxNames));
  if (isDryRun) tell("Nothing was written: this was a dry run");
  if (faults.length > 0) {
    throw new Error(`Cannot use all of it: ${faults.length} faults, see above`);
  }
}

async function readPaths(paths: readonly string[]): Promise<Catalogue> {
  const { files, faults } = await findJobFiles(paths);
  using progress = startProgress("Reading", files.length, standardError());
  const read = [];
  for (const [index, file] of files.entries()) {
    read.push(await loadJobFile(file));
    progress.show(index + 1);
  }
  const catalogue = joinFiles(read);
  return { ...catalogue, faults: [...faults, ...catalogue.faults] };
}

async function wouldChange(jobs: readonly Job[]): Promise<ImportSummary> {
  using database = await openUnchanged();
  return await compareCatalogue(database, jobs);
}

async function replace(jobs: readonly Job[]): Promise<ImportSummary> {
  using store = await openStore();
  const summary = await importCatalogue(store.database, jobs, store.now);
  await audit(store, { action: "catalog:import", targets: [] });
  return summary;
}

/** `FILE:LINE: reason`, which editors can jump to. */
function faultLine({ file, line, reason }: Fault): string {
  return `${line === null ? file : `${file}:${line}`}: ${reason}`;
}

/** The names behind signs, as in a diff, and the counts in the last line. */
export function summaryText(summary: ImportSummary, most: number): string {
  const { added, changed, removed, unchanged } = summary;
  const lines = (sign: string, names: readonly string[]) => [
    ...names.slice(0, most).map((name) => `${sign} ${printable(name)}`),
    ...names.length > most ? [`${sign} ${names.length - most} more`] : [],
  ];
  return [
    ...lines("+", added),
    ...lines("~", changed),
    ...lines("-", removed),
    `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} unchanged`,
  ].join("\n");
}

if (import.meta.main) await runScript(help, main);
