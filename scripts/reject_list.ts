/**
 * `deno task reject-list`: manages the packages that are not tested.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Database } from "../core/database.ts";
import {
  entryText,
  type RejectEntry,
} from "../plugins/backends/autopkgtest/reject_entry.ts";
import { parseRejectList } from "../plugins/backends/autopkgtest/reject_list_file.ts";
import {
  compareEntries,
  type ListChange,
  readEntries,
  replaceEntries,
} from "../plugins/backends/autopkgtest/reject_list_store.ts";
import { print, printable, runScript, tell, UsageError } from "./script.ts";
import { audit, openStore, openUnchanged } from "./store.ts";

const help = `Usage: deno task reject-list import [--dry-run] FILE
       deno task reject-list list

Manages the packages that are not tested, in the form of debci's file: a line is
"PACKAGE [SUITE [ARCH [VERSION]]]". What is left out, or "*", is all; a package may
be a pattern such as foo-*. Comments above a line are its reason.

  import      replaces the list by the file's, at once; a server may be running.
              When a line cannot be used, nothing is written; each such line is
              named on standard error, and the exit code is 1. FILE - is
              standard input
  --dry-run   only tell what would be added, changed and removed
  list        prints the list, in the same form`;

/** What `deno task reject-list` is asked to do. */
export type RejectListArguments =
  | {
    readonly verb: "import";
    readonly path: string;
    readonly isDryRun: boolean;
  }
  | { readonly verb: "list" };

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is missing.
 */
export function readRejectListArguments(
  args: readonly string[],
): RejectListArguments {
  const parsed = parseArgs([...args], {
    boolean: ["dry-run"],
    string: ["_"],
    unknown(arg, key) {
      if (key === undefined) return true;
      throw new UsageError(
        `Cannot manage the reject list: there is no option ${arg}; known is --dry-run`,
      );
    },
  });
  const [verb, path, ...more] = parsed._.map(String);
  const isDryRun = parsed["dry-run"] === true;
  if (verb === "list" && path === undefined && !isDryRun) return { verb };
  if (verb === "list") {
    throw new UsageError("Cannot list: list takes nothing after it");
  }
  if (verb !== "import") {
    throw new UsageError(
      verb === undefined
        ? "Cannot manage the reject list: say what to do, import or list"
        : `Cannot manage the reject list: "${verb}" is not known; use import or list`,
    );
  }
  if (path === undefined || more.length > 0) {
    throw new UsageError("Cannot import: name one file");
  }
  return { verb, path, isDryRun };
}

async function main(args: readonly string[]): Promise<void> {
  const asked = readRejectListArguments(args);
  if (asked.verb === "list") {
    using database = await openUnchanged();
    for (const entry of await entriesOf(database)) print(listText(entry));
    return;
  }
  const entries = await readFile(asked.path);
  const change = asked.isDryRun
    ? await wouldChange(entries)
    : await replace(entries);
  print(summaryText(change));
  if (asked.isDryRun) tell("Nothing was written: this was a dry run");
}

/** @throws Error when there is no such file or a line cannot be used; every such line is told before. */
async function readFile(path: string): Promise<readonly RejectEntry[]> {
  const { entries, faults } = parseRejectList(
    path === "-"
      ? await new Response(Deno.stdin.readable).text()
      : await Deno.readTextFile(path).catch((cause) => {
        throw new Error(`Cannot read ${path}: ${cause.message}`, { cause });
      }),
  );
  if (faults.length === 0) return entries;
  for (const { line, reason } of faults) {
    tell(printable(`${path}:${line}: ${reason}`));
  }
  throw new Error(
    `Cannot import: ${faults.length} faulty lines, see above; the list stays as it is`,
  );
}

async function wouldChange(entries: readonly RejectEntry[]) {
  using database = await openUnchanged();
  return compareEntries(await entriesOf(database), entries);
}

async function replace(entries: readonly RejectEntry[]): Promise<ListChange> {
  using store = await openStore();
  const change = compareEntries(await readEntries(store.database), entries);
  await replaceEntries(store.database, entries, store.now());
  await audit(store, { action: "reject_list:import", targets: [] });
  return change;
}

/** The entries of a store; one that is not there yet has none. */
async function entriesOf(database: Database | null): Promise<RejectEntry[]> {
  return database === null ? [] : await readEntries(database);
}

/** An entry as debci's file has it. */
function listText(entry: RejectEntry): string {
  const comments = entry.reason === "" ? [] : entry.reason.split("\n");
  return [
    ...comments.map((comment) => printable(`# ${comment}`)),
    entryText(entry),
  ].join("\n");
}

/** The entries behind signs, as in a diff, and the counts in the last line. */
export function summaryText(change: ListChange): string {
  const { added, changed, removed, unchanged } = change;
  const lines = (sign: string, texts: readonly string[]) =>
    texts.map((text) => `${sign} ${printable(text)}`);
  return [
    ...lines("+", added),
    ...lines("~", changed),
    ...lines("-", removed),
    `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} unchanged`,
  ].join("\n");
}

if (import.meta.main) await runScript(help, main);
