import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ExecutionStatus } from "../execution_status.ts";
import { drawBadge, toBadge } from "./shield.ts";

const red = "#e05d44";
const cases: readonly (readonly [
  Record<string, ExecutionStatus>,
  string,
  string,
])[] = [
  [{}, "no results", "darkgrey"],
  [{ a: "SUCCESS" }, "passing", "#4c1"],
  [{ b: "FAILURE", a: "ERROR", c: "SUCCESS" }, "failing a, b", red],
  [
    { d: "FAILURE", c: "FAILURE", b: "FAILURE", a: "FAILURE" },
    "failing a, b, c, ...",
    red,
  ],
];

for (const [results, text, color] of cases) {
  Deno.test(`the badge of ${JSON.stringify(results)} is ${color}: ${text}`, () => {
    const list = Object.entries(results).map(([job, status]) => ({
      job,
      status,
    }));
    assertEquals(toBadge(list), { text, color });
  });
}

Deno.test("a job's name in a badge is text, not markup", () => {
  const svg = drawBadge(toBadge([{ job: `<a onload="x">&`, status: "ERROR" }]));
  assertEquals(svg.includes("<a"), false);
  assertStringIncludes(svg, "&lt;a onload=&quot;x&quot;&gt;&amp;");
});
