/**
 * `deno task runner`: runs a runner, or manages those that a server knows.
 * @module
 */
import { type Runner, RunnerStore } from "../db/runner_store.ts";
import { listedMs, runnerState } from "../routes/runners.ts";
import {
  print,
  printable,
  readArguments,
  runScript,
  tell,
  UsageError,
} from "./script.ts";
import { audit, openStore, openUnchanged } from "./store.ts";

const help = `Usage: deno task runner list [--all]
       deno task runner pause|resume|revoke ID

Manages the runners of the server whose store the environment names.

  list        prints a line for each runner, the one that was seen last first,
              with tabs between id, name, state, time last seen, backends and
              version; --all: also those that were not seen for a week
  pause ID    nothing new for this runner; it finishes what it has
  resume ID   work again for a paused runner
  revoke ID   shuts a runner out for good; its runs go to others at once. It can
              register again as long as it knows a token that may register`;

const changes = ["pause", "resume", "revoke"] as const;

/** What is to be done. */
export type RunnerArguments =
  | { readonly action: "list"; readonly all: boolean }
  | { readonly action: (typeof changes)[number]; readonly id: string };

/**
 * Reads the arguments; null when a runner is to be run.
 *
 * @throws UsageError that says what is allowed.
 */
export function readRunnerArguments(
  args: readonly string[],
): RunnerArguments | null {
  const [verb, ...rest] = args[0] === "--" ? args.slice(1) : args;
  if (verb === undefined || verb.startsWith("-")) return null;
  const { words } = readArguments(
    "manage runners",
    rest.filter((arg) => arg !== "--all"),
    {},
  );
  if (verb === "list" && words.length === 0) {
    return { action: "list", all: rest.includes("--all") };
  }
  const action = changes.find((change) => change === verb);
  const [id, ...more] = words;
  if (action === undefined || id === undefined || more.length > 0) {
    throw new UsageError(
      `Cannot manage runners: expected list, or one of ${
        changes.join(", ")
      } and one ID; deno task runner list shows the ids`,
    );
  }
  return { action, id };
}

async function main(args: readonly string[]): Promise<void> {
  const wanted = readRunnerArguments(args);
  if (wanted === null) return;
  if (wanted.action === "list") return await list(wanted.all);
  using store = await openStore();
  const runners = new RunnerStore(store.database, store.now);
  const runner = await runners[wanted.action](wanted.id);
  if (runner === null) {
    // What was given may be a token, so it is not repeated.
    throw new Error(
      `Cannot ${wanted.action} the runner: there is none of this id; deno task runner list shows the ids`,
    );
  }
  const { action } = wanted;
  await audit(store, { action: `runners:${action}`, targets: [runner.id] });
  tell(
    `Runner ${runner.id} (${printable(runner.name)}) is ${
      runnerState(runner)
    }.`,
  );
}

async function list(all: boolean): Promise<void> {
  using database = await openUnchanged();
  const runners = database === null
    ? []
    : await new RunnerStore(database, Date.now)
      .list(all ? null : Date.now() - listedMs);
  if (runners.length === 0) return tell("There are no runners.");
  tell("id, name, state, last seen, backends, version:");
  for (const runner of runners) print(toLine(runner));
}

function toLine(runner: Runner): string {
  const backends = runner.offers.flatMap((offer) => offer.backend ?? []);
  return [
    runner.id,
    runner.name,
    runnerState(runner),
    new Date(runner.seenAt).toISOString(),
    [...new Set(backends)].join(","),
    runner.version,
  ].map(printable).join("\t");
}

if (import.meta.main) {
  const [first = "-"] = Deno.args.filter((arg) => arg !== "--");
  if (first.startsWith("-")) {
    // Loaded only now: managing needs no executor.
    const runner = await import("../runner/main.ts");
    Deno.exit(await runner.main(Deno.args.filter((arg) => arg !== "--")));
  }
  await runScript(help, main);
}
