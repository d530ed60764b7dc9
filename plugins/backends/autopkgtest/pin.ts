import { pinnedName } from "./name.ts";

/** Packages that are to come from another suite than the rest. */
export type Pin = {
  readonly suite: string;
  /** `foo`, or `src:foo` for all that a source builds. */
  readonly packages: readonly string[];
};

/** `pin-packages` as it was sent, as results show it again, and what it means. */
export type Pins = {
  readonly given: readonly (readonly string[])[];
  readonly pins: readonly Pin[];
};

/**
 * Reads `pin-packages` (wire 1.5): of each list the last item is the suite, the
 * others are packages, each possibly several with commas between. What debci only
 * documents is held to here: known suites, each once, nothing but packages'
 * names. A string is what is wrong.
 */
export function readPins(
  value: unknown,
  suites: readonly string[],
): Pins | string {
  if (value === undefined || value === null) return { given: [], pins: [] };
  if (!isListOfLists(value)) {
    return 'expected a list of lists such as [["src:foo", "testing"]]';
  }
  const pins: Pin[] = [];
  for (const list of value) {
    const pin = readPin(list, suites);
    if (typeof pin === "string") return pin;
    if (pins.some(({ suite }) => suite === pin.suite)) {
      return `the suite ${pin.suite} occurs twice: put all its packages into one list`;
    }
    pins.push(pin);
  }
  return { given: value, pins };
}

function readPin(
  list: readonly string[],
  suites: readonly string[],
): Pin | string {
  const suite = list.at(-1) ?? "";
  const packages = list.slice(0, -1).flatMap((item) => item.split(","));
  if (packages.length === 0) {
    return "each list takes packages and, as its last item, their suite";
  }
  if (!suites.includes(suite)) {
    return `unknown suite ${JSON.stringify(suite)}, expected one of ${
      suites.join(", ")
    }`;
  }
  const wrong = packages.find((name) => !pinnedName.test(name));
  return wrong === undefined
    ? { suite, packages }
    : `${JSON.stringify(wrong)} is not a package, such as foo or src:foo`;
}

function isListOfLists(value: unknown): value is string[][] {
  return Array.isArray(value) &&
    value.every((list) =>
      Array.isArray(list) && list.every((item) => typeof item === "string")
    );
}
