import type { Executor } from "../core/executor.ts";
import type { Settings } from "../core/settings.ts";
import executors from "../runner.config.ts";
import { startRunner } from "../runner/child.ts";
import { systemClock } from "../runner/clock.ts";
import { thisHost } from "../runner/host.ts";
import { readOptions } from "../runner/options.ts";

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

/** How long to wait before a runner that died is started again; twice as long each time, unless it was steady. */
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
const steadyMs = 60_000;

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

/**
 * What the runner beside is told. Faults of the operator's own settings come
 * up here, before anything is served.
 *
 * @throws TypeError that says what to set.
 */
export function checkRunnerSettings(settings: Settings): void {
  const names = settings.executors.length > 0
    ? settings.executors
    : preferred.flat();
  readOptions({
    ...Deno.env.toObject(),
    SLIPWAY_RUNNER_TOKEN: settings.runnerToken,
    SLIPWAY_EXECUTORS: names.join(","),
  }, executors);
}

/** A runner that lives beside the server. */
export type Beside = { stop(): Promise<void> };

/** What the runner beside is made of. */
export type BesideOptions = {
  /** Where the server is for this machine. */
  readonly url: string;
  readonly executors: readonly string[];
  readonly settings: Settings;
  readonly say: (line: string) => void;
};

/** Runs a runner process for the server at `url`, and another one whenever it dies. */
export function runBeside(options: BesideOptions): Beside {
  if (options.executors.length === 0) return { stop: () => Promise.resolve() };
  const stopping = new AbortController();
  let runner = startProcess(options);
  const watch = async () => {
    for (let failures = 0;; failures++) {
      const startedAt = performance.now();
      const status = await runner.status;
      await runner.stdin.close().catch(() => {});
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > steadyMs) failures = 0;
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
      options.say(
        `The runner ${describe(status)}; it is started again in ${
          delayMs / 1000
        } s`,
      );
      await systemClock.sleep(delayMs, stopping.signal);
      if (stopping.signal.aborted) return;
      runner = startProcess(options);
    }
  };
  const watched = watch();
  return {
    async stop() {
      stopping.abort();
      using _asking = askToStop(runner);
      await watched;
    },
  };
}

function startProcess(
  { url, executors, settings }: BesideOptions,
): Deno.ChildProcess {
  return startRunner({
    tied: true,
    env: {
      SLIPWAY_URL: url,
      SLIPWAY_RUNNER_TOKEN: settings.runnerToken ?? "",
      SLIPWAY_EXECUTORS: executors.join(","),
      SLIPWAY_PACKAGE_TREES: settings.packageTrees ?? "",
    },
  });
}

function describe({ code, signal }: Deno.CommandStatus): string {
  return signal === null
    ? `has ended with exit code ${code}`
    : `was ended by ${signal}`;
}

/** Asks twice: the first signal lets work finish, the second ends it. */
function askToStop(runner: Deno.ChildProcess): Disposable {
  const kill = (signal: Deno.Signal) => {
    try {
      runner.kill(signal);
    } catch {
      // It has ended already.
    }
  };
  kill("SIGTERM");
  const again = setTimeout(() => kill("SIGTERM"), finishMs);
  const enough = setTimeout(() => kill("SIGKILL"), stopTimeoutMs);
  return {
    [Symbol.dispose]() {
      clearTimeout(again);
      clearTimeout(enough);
    },
  };
}
