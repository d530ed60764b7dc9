import type { Principal } from "../../../core/principal.ts";
import { readSourceNames, refusedSources } from "./extra_source.ts";
import { parseJsonText } from "./json_text.ts";
import { packageName } from "./name.ts";
import type { Options } from "./options.ts";
import type { Params } from "./params.ts";
import { type Pins, readPins } from "./pin.ts";
import { Refusal } from "./refusal.ts";

/** One test that was asked for, checked. */
export type TestRequest = Pins & {
  readonly package: string;
  readonly trigger: string | null;
  readonly isPrivate: boolean;
  readonly extraSources: readonly string[];
};

/** What requests are checked against. */
export type Rules = {
  readonly options: Options;
  readonly caller: Principal;
};

/**
 * Reads the request for one test (wire 1.4). Trigger and pins are not taken here.
 *
 * @throws Refusal with debci's text for the first fault.
 */
export function readSingle(
  name: string,
  params: Params,
  rules: Rules,
): TestRequest {
  if (!packageName.test(name)) {
    throw new Refusal(`Invalid package name: ${name}\n`);
  }
  const isPrivate = params.get("is_private");
  if (
    isPrivate !== undefined &&
    !(isPrivate.kind === "text" && /^(true|false)$/.test(isPrivate.text))
  ) {
    throw new Refusal(
      `Invalid value for bool parameter is_private for package: ${name}\n`,
    );
  }
  return {
    package: name,
    trigger: null,
    given: [],
    pins: [],
    isPrivate: isPrivate?.kind === "text" && isPrivate.text === "true",
    extraSources: readExtraSources(params, rules),
  };
}

/** `extra_apt_sources` of a single test is a JSON text. */
function readExtraSources(params: Params, rules: Rules): string[] {
  const given = params.get("extra_apt_sources");
  if (given === undefined) return [];
  const names = given.kind === "text"
    ? readSourceNames(parseOrRefuse(given.text))
    : null;
  if (names === null) {
    throw new Refusal(
      'Invalid extra apt sources: expected a JSON list of names, such as ["NAME"]',
    );
  }
  const { extraAptSources } = rules.options;
  const refused = refusedSources(names, extraAptSources, rules.caller);
  if (refused.length > 0) {
    throw new Refusal(`Invalid extra apt sources: ${refused.join(", ")}`);
  }
  return names;
}

/**
 * Reads the parameter `tests` of a request for several (wire 1.5).
 *
 * @throws Refusal with debci's text, which has every fault of every test.
 */
export function readMany(params: Params, rules: Rules): TestRequest[] {
  const tests = params.get("tests");
  if (tests === undefined) throw new Refusal("Error: No tests");
  if (tests.kind !== "text") {
    const type = tests.kind === "list" ? "Array" : "nil";
    throw new Refusal(`Error: no implicit conversion of ${type} into String`);
  }
  const items = parseOrRefuse(tests.text);
  if (!Array.isArray(items)) throw new Refusal("Error: Not an array");
  const faults: string[] = [];
  const requests = items.map((item) => readItem(item, rules, faults));
  if (faults.length > 0) {
    throw new Refusal(`Invalid request: ${faults.join("\n")}`);
  }
  return requests;
}

/** Reads one test of several; what is wrong with it is added to `faults`. */
function readItem(item: unknown, rules: Rules, faults: string[]): TestRequest {
  const fields = new Map(isObject(item) ? Object.entries(item) : []);
  const given = fields.get("package");
  const name = shown(given);
  const { suites } = rules.options;
  const isPrivate = fields.get("is_private") ?? false;
  const trigger = fields.get("trigger") ?? null;
  const names = readSourceNames(fields.get("extra-apt-sources"));
  const pins = readPins(fields.get("pin-packages"), suites);

  if (typeof given !== "string" || !packageName.test(given)) {
    faults.push(`Invalid package name: ${name}`);
  }
  if (typeof isPrivate !== "boolean") {
    faults.push(
      `Invalid value for bool parameter is_private for package: ${name}`,
    );
  }
  if (!isTrigger(trigger)) {
    faults.push(
      `Invalid value for trigger for package: ${name}: expected a text`,
    );
  }
  faults.push(...sourceFaults(names, rules));
  if (typeof pins === "string") {
    faults.push(`Invalid value for pin-packages for package: ${name}: ${pins}`);
  }
  return {
    package: name,
    trigger: isTrigger(trigger) && trigger !== null ? String(trigger) : null,
    isPrivate: isPrivate === true,
    extraSources: names ?? [],
    ...(typeof pins === "string" ? { given: [], pins: [] } : pins),
  };
}

function sourceFaults(names: readonly string[] | null, rules: Rules): string[] {
  const what = "Invalid value for extra_apt_sources";
  if (names === null) {
    return [`${what}: expected a list of names, such as ["NAME"]`];
  }
  const { extraAptSources } = rules.options;
  const refused = refusedSources(names, extraAptSources, rules.caller);
  return refused.length > 0 ? [`${what}: ${refused.join(", ")}`] : [];
}

/** debci takes numbers too, as their text. */
function isTrigger(value: unknown): boolean {
  return value === null || typeof value === "string" ||
    typeof value === "number";
}

function parseOrRefuse(text: string): unknown {
  const json = parseJsonText(text);
  if (!json.ok) throw new Refusal(`Invalid JSON: ${json.fault}`);
  return json.value;
}

/** A JSON value as debci repeats it to the caller; nothing is an empty text. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
