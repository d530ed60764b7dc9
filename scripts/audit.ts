/**
 * `deno task audit`: prints who changed what.
 * @module
 */
import type { AuditLine } from "../core/audit.ts";
import { AuditStore } from "../db/audit_store.ts";
import { toAuditJson } from "../routes/audit.ts";
import { parseDurationMs } from "../core/duration.ts";
import {
  print,
  printable,
  readArguments,
  runScript,
  tell,
  UsageError,
} from "./script.ts";
import { audit, openStore, openUnchanged } from "./store.ts";

const help = `Usage: deno task audit [options]
       deno task audit prune --older-than AGE

Prints a line for each thing that was changed, and for attempts that were
refused, the oldest first, with tabs between time, who, way to sign in, id of the
credential, action, target, address, outcome and id of the request.

  --since AGE        only of the last 12h, 7d, 4w; default: 1d
  --principal NAME   only of user:alice, group:ci-bots or operator
  --action NAME      only this, such as executions:create
  --target ID        only about this run, key, token, runner or account
  --json             a JSON object a line

  prune              drops lines that are older than AGE: 90d at the least`;

const dayMs = 86_400_000;
const minKeptMs = 90 * dayMs;

/** Lines read at a time. */
const pageSize = 1_000;

/** What is to be done. */
export type AuditArguments =
  | {
    readonly action: "print";
    readonly sinceMs: number;
    readonly isJson: boolean;
    readonly only: {
      readonly principal?: string | undefined;
      readonly action?: string | undefined;
      readonly target?: string | undefined;
    };
  }
  | { readonly action: "prune"; readonly olderThanMs: number };

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readAuditArguments(args: readonly string[]): AuditArguments {
  const { words, text } = readArguments(
    "read the audit",
    args.filter((arg) => arg !== "--json"),
    { text: ["since", "principal", "action", "target", "older-than"] },
  );
  const [verb, ...more] = words;
  if (more.length > 0 || (verb !== undefined && verb !== "prune")) {
    throw new UsageError(
      `Cannot read the audit: "${
        words.join(" ")
      }" is nothing to do; there is prune`,
    );
  }
  if (verb === "prune") {
    const olderThanMs = readAge("older-than", text("older-than") ?? "");
    if (olderThanMs >= minKeptMs) return { action: "prune", olderThanMs };
    throw new UsageError(
      "Cannot prune the audit: lines of the last 90 days are kept, so --older-than is 90d at the least",
    );
  }
  if (text("older-than") !== undefined) {
    throw new UsageError("Cannot read the audit: --older-than is for prune");
  }
  return {
    action: "print",
    sinceMs: readAge("since", text("since") ?? "1d"),
    isJson: args.includes("--json"),
    only: {
      principal: text("principal"),
      action: text("action"),
      target: text("target"),
    },
  };
}

function readAge(option: string, text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== null) return ms;
  throw new UsageError(
    `Cannot read the audit: --${option} needs a number of hours, days or weeks, such as 12h, 7d, 4w`,
  );
}

async function main(args: readonly string[]): Promise<void> {
  const wanted = readAuditArguments(args);
  if (wanted.action === "prune") return await prune(wanted.olderThanMs);
  using database = await openUnchanged();
  if (database === null) return tell("There is no audit yet.");
  const store = new AuditStore(database, Date.now);
  const lines: AuditLine[] = [];
  const from = Date.now() - wanted.sinceMs;
  for (let isMore = true; isMore;) {
    const before = lines.at(-1);
    const only = { ...wanted.only, from, before, limit: pageSize };
    const page = await store.list(only);
    lines.push(...page);
    isMore = page.length === pageSize;
  }
  if (lines.length === 0) return tell("There are no such lines.");
  for (const line of lines.toReversed()) {
    const shown = toAuditJson(line);
    print(wanted.isJson ? JSON.stringify(shown) : toRow(shown));
  }
}

function toRow(line: ReturnType<typeof toAuditJson>): string {
  const { at, principal, via, credential, action, target } = line;
  const { source, outcome, requestId } = line;
  return [
    at,
    principal,
    via,
    credential,
    action,
    target,
    source,
    outcome,
    requestId,
  ]
    .map((text) => printable(text ?? "-")).join("\t");
}

async function prune(olderThanMs: number): Promise<void> {
  using store = await openStore();
  const { database, now } = store;
  const count = await new AuditStore(database, now).prune(now() - olderThanMs);
  await audit(store, { action: "audit:prune", targets: [] });
  tell(`${count} lines are dropped.`);
}

if (import.meta.main) await runScript(help, main);
