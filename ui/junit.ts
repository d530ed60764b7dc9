import { SaxesParser } from "saxes";

/** A test case that did not pass. */
export type Case = {
  readonly name: string;
  readonly result: "failed" | "errored" | "skipped";
  readonly seconds: number | null;
  readonly detail: string;
};

/** What a JUnit file says. */
export type TestReport = {
  readonly total: number;
  readonly passed: number;
  /** In the order of the file; at most `maxCases` of them. */
  readonly notPassed: readonly Case[];
};

const maxCases = 200;
const maxDetail = 4_000;

type Fault = {
  readonly result: Case["result"];
  readonly message: string;
  readonly text: string;
};

const results: ReadonlyMap<string, Case["result"]> = new Map([
  ["failure", "failed"],
  ["error", "errored"],
  ["skipped", "skipped"],
]);

/**
 * Reads a JUnit file (testsuites, testsuite, testcase). Null for what is no
 * well-formed XML, has no test case, or declares a document type: only with that could it
 * name other files or grow.
 */
export function readJunit(xml: string): TestReport | null {
  if (/<!DOCTYPE/i.test(xml)) return null;
  const parser = new SaxesParser();
  const notPassed: Case[] = [];
  let [total, passed] = [0, 0];
  let open: { name: string; seconds: number | null } | null = null;
  let fault: Fault | null = null;
  let isInFault = false;
  parser.on("opentag", ({ name, attributes }) => {
    const texts = new Map(
      Object.entries(attributes).map(([key, value]) => [key, String(value)]),
    );
    if (name === "testcase") {
      total++;
      fault = null;
      const parts = [texts.get("classname"), texts.get("name")];
      const seconds = Number(texts.get("time") ?? NaN);
      open = {
        name: parts.filter((part) => part).join(" › ").slice(0, 500),
        seconds: Number.isFinite(seconds) ? seconds : null,
      };
    }
    const result = results.get(name);
    if (open !== null && result !== undefined && fault === null) {
      fault = { result, message: texts.get("message") ?? "", text: "" };
      isInFault = true;
    }
  });
  const add = (text: string) => {
    if (!isInFault || fault === null) return;
    if (fault.text.length < maxDetail) {
      fault = { ...fault, text: fault.text + text };
    }
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("closetag", ({ name }) => {
    if (results.has(name)) isInFault = false;
    if (name !== "testcase" || open === null) return;
    if (fault === null) passed++;
    else if (notPassed.length < maxCases) {
      notPassed.push({ ...open, ...toDetail(fault) });
    }
    open = null;
  });
  try {
    parser.write(xml).close();
  } catch {
    return null;
  }
  return total === 0 ? null : { total, passed, notPassed };
}

function toDetail({ result, message, text }: Fault) {
  const detail = [message, text.trim()].filter((part) => part !== "")
    .join("\n");
  return { result, detail: detail.slice(0, maxDetail) };
}
