import { batchFaultText } from "./item_fault.ts";
import type { Params } from "./params.ts";
import { type FaultyItem, Refusal } from "./refusal.ts";
import type { TargetedTest } from "./submission.ts";
import {
  readTestItem,
  type Rules,
  shown,
  type TestRequest,
} from "./test_item.ts";
import { readTests } from "./test_request.ts";

/** One request of a batch as it was read: the same tests on several architectures of a suite. */
type BatchRequest = {
  readonly suite: string;
  readonly archs: readonly string[];
  readonly tests: readonly TestRequest[];
};

/**
 * Reads a batch (wire 1.10): `[{"suite": S, "arch": […], "tests": […]}]`. The
 * tests come back by request, then architecture, then place in the list.
 *
 * @throws Refusal with debci's text, which has every fault of every request.
 */
export function readBatch(params: Params, rules: Rules): TargetedTest[] {
  const lines: string[] = [];
  const faulty: FaultyItem[] = [];
  const requests = readTests(params).map((value, index) =>
    readRequest(value, index, rules, lines, faulty)
  );
  if (lines.length > 0) {
    throw new Refusal(`Error: ${lines.join("\n")}`, faulty);
  }
  return requests.flatMap(({ suite, archs, tests }) =>
    archs.flatMap((arch) =>
      tests.map((test) => ({ target: { suite, arch }, test }))
    )
  );
}

/** What is wrong goes into `lines`, and what is wrong with single tests into `faulty` too. */
function readRequest(
  value: unknown,
  request: number,
  rules: Rules,
  lines: string[],
  faulty: FaultyItem[],
): BatchRequest {
  const fields = new Map(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  const place = `at request index ${request}`;
  const suite = shown(fields.get("suite"));
  const archs = readArchs(fields.get("arch"));
  const tests = fields.get("tests");
  const { suites, architectures } = rules.options;
  if (suite === "") lines.push(`No suite ${place}`);
  if (!suites.includes(suite)) {
    lines.push(
      `Wrong suite (${suite}) ${place}, available suites: ${suites.join(", ")}`,
    );
  }
  if (archs.length === 0) lines.push(`No archs are specified ${place}`);
  if (!archs.every((arch) => architectures.includes(arch))) {
    lines.push(
      `Wrong archs (${archs.join(", ")}) ${place}, available archs: ${
        architectures.join(", ")
      }`,
    );
  }
  if (!Array.isArray(tests)) lines.push(`No tests ${place}: expected a list`);
  const items = Array.isArray(tests) ? tests : [];
  const read = items.map((item, index) => {
    const { request: test, faults } = readTestItem(item, rules);
    for (const each of faults) {
      const fault = batchFaultText(
        each,
        `request index ${request} and test index ${index}`,
      );
      lines.push(fault);
      faulty.push({ request, index, package: test.package, fault });
    }
    return test;
  });
  return { suite, archs: [...new Set(archs)], tests: read };
}

function readArchs(value: unknown): string[] {
  return Array.isArray(value) ? value.map(shown) : [];
}
