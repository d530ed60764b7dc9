import type { Executor } from "../core/executor.ts";
import { localUrl, readSettings } from "../core/settings.ts";
import { chooseExecutors } from "./choose.ts";

/** What the environment asks of a runner. */
export type RunnerOptions = {
  /** Without a final slash. */
  readonly serverUrl: string;
  readonly registrationToken: string;
  readonly executors: readonly Executor[];
  readonly slots: number;
};

/**
 * Reads a runner's options out of the environment.
 *
 * @throws TypeError that says what to set.
 */
export function readOptions(
  env: Readonly<Record<string, string | undefined>>,
  executors: readonly Executor[],
): RunnerOptions {
  const settings = readSettings(env);
  const chosen = chooseExecutors(executors, settings.executors);
  if (settings.runnerToken === undefined) {
    throw new TypeError(
      "Cannot register: SLIPWAY_RUNNER_TOKEN is not set; give it the value that the server has",
    );
  }
  return {
    serverUrl: settings.publicUrl ?? localUrl(settings.host, settings.port),
    registrationToken: settings.runnerToken,
    executors: chosen,
    slots: readSlots(env.SLIPWAY_SLOTS),
  };
}

function readSlots(text: string | undefined): number {
  if (!text) return 2;
  const slots = Number(text);
  if (Number.isInteger(slots) && slots >= 1 && slots <= 1000) return slots;
  throw new TypeError(
    `Cannot read the settings: SLIPWAY_SLOTS: expected a whole number from 1 to 1000, got ${text}`,
  );
}
