import type { Principal } from "../../../core/principal.ts";
import { readSourceNames, refusedSources } from "./extra_source.ts";
import type { ItemFault } from "./item_fault.ts";
import { packageName } from "./name.ts";
import type { Options } from "./options.ts";
import { type Pins, readPins } from "./pin.ts";

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

/** One test of several as it was read, with all that is wrong with it. */
export type TestItem = {
  readonly request: TestRequest;
  readonly faults: readonly ItemFault[];
};

/** Longest trigger; britney's may name hundreds of packages. */
const maxTriggerCharacters = 100_000;

/**
 * Reads one test of several (wire 1.5). Names that debci does not know are
 * ignored, among them `extra_apt_sources` with underscores (debci 34).
 */
export function readTestItem(item: unknown, rules: Rules): TestItem {
  const fields = new Map(isObject(item) ? Object.entries(item) : []);
  const name = fields.get("package");
  const isPrivate = fields.get("is_private") ?? false;
  const trigger = fields.get("trigger") ?? null;
  const sources = fields.get("extra-apt-sources");
  const pins = readPins(fields.get("pin-packages"), rules.options.suites);
  const faults: ItemFault[] = [];

  if (typeof name !== "string" || !packageName.test(name)) {
    faults.push({ kind: "package" });
  }
  if (typeof isPrivate !== "boolean") faults.push({ kind: "is_private" });
  if (!isTrigger(trigger)) faults.push({ kind: "trigger" });
  const names = readSourceNames(sources);
  const refused = names === null ? null : refusedOf(names, rules);
  if (refused === null || refused.length > 0) {
    faults.push({ kind: "sources", names: refused });
  }
  if (typeof pins === "string") faults.push({ kind: "pins", why: pins });
  return {
    request: {
      package: shown(name),
      trigger: isTrigger(trigger) && trigger !== null ? String(trigger) : null,
      isPrivate: isPrivate === true,
      extraSources: names ?? [],
      ...(typeof pins === "string" ? { given: [], pins: [] } : pins),
    },
    faults,
  };
}

function refusedOf(names: readonly string[], rules: Rules): string[] {
  return names.length === 0
    ? []
    : refusedSources(names, rules.options.extraAptSources, rules.caller);
}

/** debci takes numbers too, as their text. */
function isTrigger(value: unknown): boolean {
  return value === null || typeof value === "number" ||
    typeof value === "string" && value.length <= maxTriggerCharacters &&
      !value.includes("\0") && value.isWellFormed();
}

/** A JSON value as debci repeats it to the caller; nothing is an empty text. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
