import type { Options } from "./options.ts";
import type { Param, Params } from "./params.ts";
import { Refusal } from "./refusal.ts";

/** Where a test is to run, as the path says. */
export type Target = { readonly suite: string; readonly arch: string };

/** What a test gets that asks for none. */
export const defaultPriority = 5;

/**
 * Checks the path of a request for tests: the architecture before the suite (wire 1.3).
 *
 * @throws Refusal with debci's text.
 */
export function checkTarget(target: Target, options: Options): void {
  if (!options.architectures.includes(target.arch)) {
    throw new Refusal(`Invalid architecture: ${target.arch}\n`);
  }
  if (!options.suites.includes(target.suite)) {
    throw new Refusal(`Invalid suite: ${target.suite}\n`);
  }
}

/**
 * Reads `priority`: 1 to 10, larger first. A number is read as far as it is one,
 * and a text without one is 0 (wire 1.3).
 *
 * @throws Refusal with debci's text.
 */
export function readPriority(params: Params): number {
  const given = params.get("priority");
  if (given === undefined) return defaultPriority;
  const priority = leadingInteger(given) ?? 0;
  if (priority < 1 || priority > 10) {
    throw new Refusal(`Invalid priority: ${priority}\n`);
  }
  return priority;
}

/**
 * Reads `since` (wire 1.6): seconds of the Unix epoch, as milliseconds; null when not given.
 *
 * @throws Refusal when it does not begin with a whole number.
 */
export function readSince(params: Params): number | null {
  const given = params.get("since");
  if (given === undefined) return null;
  const seconds = leadingInteger(given);
  if (seconds === null) {
    throw new Refusal(
      "Invalid value for since: expected seconds since 1970, such as 1790000000\n",
    );
  }
  return Math.min(Math.max(seconds, 0) * 1000, Number.MAX_SAFE_INTEGER);
}

function leadingInteger(param: Param): number | null {
  const digits = param.kind === "text"
    ? /^\s*([+-]?\d+)/.exec(param.text)?.[1]
    : undefined;
  return digits === undefined ? null : Number(digits);
}
