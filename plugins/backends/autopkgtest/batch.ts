import { batchFaultText, type ItemFault } from "./item_fault.ts";
import type { Params } from "./params.ts";
import { type FaultyItem, Refusal } from "./refusal.ts";
import type { TargetedTest } from "./submission.ts";
import { readTestItem, type Rules, shown } from "./test_item.ts";
import { readTests } from "./test_request.ts";

/** Something that is wrong with a batch: with a request of it, or with a single test of one. */
export type BatchFault =
  & {
    /** Place of the request in the batch. */
    readonly request: number;
    /** In debci's words (wire 1.10), with its place. */
    readonly text: string;
  }
  & (
    | { readonly part: "suite" | "arch" | "tests" }
    | {
      readonly part: "test";
      /** Place of the test in its request. */
      readonly index: number;
      readonly package: string;
      readonly fault: ItemFault;
    }
  );

/** A batch as it was read. Its tests are good for something only when nothing is wrong. */
export type ReadBatch = {
  /** By request, then architecture, then place in the list. */
  readonly tests: readonly TargetedTest[];
  readonly faults: readonly BatchFault[];
};

/**
 * Reads a batch (wire 1.10): `[{"suite": S, "arch": […], "tests": […]}]`.
 *
 * @throws Refusal with debci's text, which has every fault of every request.
 */
export function readBatch(params: Params, rules: Rules): TargetedTest[] {
  const { tests, faults } = readRequests(readTests(params), rules);
  if (faults.length === 0) return [...tests];
  const lines = faults.map(({ text }) => text).join("\n");
  throw new Refusal(`Error: ${lines}`, faults.flatMap(toFaultyItem));
}

/** Reads the requests of a batch, with all that is wrong with them. */
export function readRequests(
  values: readonly unknown[],
  rules: Rules,
): ReadBatch {
  const read = values.map((value, index) => readRequest(value, index, rules));
  return {
    tests: read.flatMap(({ tests }) => tests),
    faults: read.flatMap(({ faults }) => faults),
  };
}

/** One request of a batch: the same tests on several architectures of a suite. */
function readRequest(value: unknown, request: number, rules: Rules): ReadBatch {
  const fields = new Map(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  const suite = shown(fields.get("suite"));
  const archs = readArchs(fields.get("arch"));
  const given = fields.get("tests");
  const items = (Array.isArray(given) ? given : [])
    .map((item) => readTestItem(item, rules));
  const itemFaults = items.flatMap(({ request: test, faults }, index) =>
    faults.map((fault): BatchFault => ({
      part: "test",
      request,
      index,
      package: test.package,
      fault,
      text: batchFaultText(
        fault,
        `request index ${request} and test index ${index}`,
      ),
    }))
  );
  return {
    tests: [...new Set(archs)].flatMap((arch) =>
      items.map((item) => ({ target: { suite, arch }, test: item.request }))
    ),
    faults: [
      ...placeFaults(suite, archs, request, rules),
      ...Array.isArray(given) ? [] : [{
        part: "tests" as const,
        request,
        text: `No tests at request index ${request}: expected a list`,
      }],
      ...itemFaults,
    ],
  };
}

function placeFaults(
  suite: string,
  archs: readonly string[],
  request: number,
  { options: { suites, architectures } }: Rules,
): BatchFault[] {
  const place = `at request index ${request}`;
  const fault = (part: "suite" | "arch", text: string): BatchFault => ({
    part,
    request,
    text,
  });
  const [known, listed] = [suites.join(", "), architectures.join(", ")];
  return [
    ...suite === "" ? [fault("suite", `No suite ${place}`)] : [],
    ...suites.includes(suite) ? [] : [fault(
      "suite",
      `Wrong suite (${suite}) ${place}, available suites: ${known}`,
    )],
    ...archs.length > 0
      ? []
      : [fault("arch", `No archs are specified ${place}`)],
    ...archs.every((arch) => architectures.includes(arch)) ? [] : [fault(
      "arch",
      `Wrong archs (${archs.join(", ")}) ${place}, available archs: ${listed}`,
    )],
  ];
}

function toFaultyItem(fault: BatchFault): FaultyItem[] {
  if (fault.part !== "test") return [];
  const { request, index, package: name, text } = fault;
  return [{ request, index, package: name, fault: text }];
}

function readArchs(value: unknown): string[] {
  return Array.isArray(value) ? value.map(shown) : [];
}
