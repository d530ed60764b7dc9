import { readSourceNames, refusedSources } from "./extra_source.ts";
import { faultText } from "./item_fault.ts";
import { parseJsonText } from "./json_text.ts";
import { packageName } from "./name.ts";
import type { Params } from "./params.ts";
import { type FaultyItem, Refusal } from "./refusal.ts";
import { readTestItem, type Rules, type TestRequest } from "./test_item.ts";

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

/** The sources of a single test are a JSON text. debci knows the first name of the two. */
function readExtraSources(params: Params, rules: Rules): string[] {
  const given = params.get("extra_apt_sources") ??
    params.get("extra-apt-sources");
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
  const faulty: FaultyItem[] = [];
  const requests = readTests(params).map((item, index) => {
    const { request, faults } = readTestItem(item, rules);
    for (const fault of faults) {
      const text = faultText(fault, request.package, index);
      faulty.push({ index, package: request.package, fault: text });
    }
    return request;
  });
  if (faulty.length > 0) {
    const texts = faulty.map(({ fault }) => fault).join("\n");
    throw new Refusal(`Invalid request: ${texts}`, faulty);
  }
  return requests;
}

/**
 * The list in the parameter `tests`.
 *
 * @throws Refusal with debci's text when there is none.
 */
export function readTests(params: Params): unknown[] {
  const tests = params.get("tests");
  if (tests === undefined) throw new Refusal("Error: No tests");
  if (tests.kind !== "text") {
    const type = tests.kind === "list" ? "Array" : "nil";
    throw new Refusal(`Error: no implicit conversion of ${type} into String`);
  }
  const items = parseOrRefuse(tests.text);
  if (!Array.isArray(items)) throw new Refusal("Error: Not an array");
  return items;
}

function parseOrRefuse(text: string): unknown {
  const json = parseJsonText(text);
  if (!json.ok) throw new Refusal(`Invalid JSON: ${json.fault}`);
  return json.value;
}
