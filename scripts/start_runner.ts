import type { Executor } from "../core/executor.ts";
import type { Settings } from "../core/settings.ts";
import executors from "../runner.config.ts";
import { startRunner } from "../runner/child.ts";
import { thisHost } from "../runner/host.ts";

/**
 * What `deno task start` runs work with, unless SLIPWAY_EXECUTORS says so: of
 * each line the first that is ready. A disposable testbed is the better one,
 * but only of use once an operator has made a root file system for a suite.
 */
const preferred = [
  ["prow:process"],
  ["autopkgtest:unshare", "autopkgtest:null"],
];

/** How long the runner may let its work go on after Ctrl-C, and then how long it may take to end it. */
const finishMs = 2_000;
const stopTimeoutMs = 20_000;

/** The executors of this machine's runner, as `backend:name`; says of each missing one what to do about it. */
export async function chooseExecutors(
  settings: Settings,
  say: (line: string) => void,
): Promise<string[]> {
  if (settings.executors.length > 0) return [...settings.executors];
  const chosen: string[] = [];
  for (const names of preferred) {
    const reasons: string[] = [];
    for (const name of names) {
      const reason = await unready(find(name), settings);
      if (reason === null) {
        chosen.push(name);
        reasons.length = 0;
        break;
      }
      reasons.push(`${name} cannot work here: ${reason}`);
    }
    reasons.forEach(say);
  }
  return chosen;
}

function find(name: string): Executor {
  const executor = executors.find((each) =>
    `${each.backend}:${each.name}` === name
  );
  if (executor === undefined) {
    throw new Error(`Cannot find the executor ${name} in runner.config.ts`);
  }
  return executor;
}

function unready(
  executor: Executor,
  settings: Settings,
): Promise<string | null> {
  return executor.unready(thisHost({
    ...Deno.env.toObject(),
    SLIPWAY_PACKAGE_TREES: settings.packageTrees ?? "",
  }));
}

/** A runner that lives beside the server. */
export type Beside = { stop(): Promise<void> };

/** Starts a runner process for the server at `url`. */
export function runBeside(
  options: { url: string; executors: readonly string[]; settings: Settings },
): Beside {
  if (options.executors.length === 0) return { stop: () => Promise.resolve() };
  const runner = startRunner({
    env: {
      SLIPWAY_URL: options.url,
      SLIPWAY_RUNNER_TOKEN: options.settings.runnerToken ?? "",
      SLIPWAY_EXECUTORS: options.executors.join(","),
      SLIPWAY_PACKAGE_TREES: options.settings.packageTrees ?? "",
    },
  });
  return { stop: () => stop(runner) };
}

/** Asks twice: the first signal lets work finish, the second ends it. */
async function stop(runner: Deno.ChildProcess): Promise<void> {
  const kill = (signal: Deno.Signal) => {
    try {
      runner.kill(signal);
    } catch {
      // It has ended already.
    }
  };
  kill("SIGTERM");
  const timers = [
    setTimeout(() => kill("SIGTERM"), finishMs),
    setTimeout(() => kill("SIGKILL"), stopTimeoutMs),
  ];
  await runner.status;
  timers.forEach(clearTimeout);
}
