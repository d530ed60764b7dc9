import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { End } from "../core/run.ts";
import { closingLine, reportedEnd } from "./reported_end.ts";

Deno.test("an end is reported as the executor returned it", () => {
  const ends: readonly End[] = [
    { kind: "exited", exitCode: 0, facts: { version: "1.2-3" } },
    { kind: "timed_out", timeoutSeconds: 3 },
    { kind: "not_started", reason: "no such command" },
  ];
  for (const end of ends) assertEquals(reportedEnd({ end }, null), end);
});

Deno.test("stopped work is cancelled, whatever its executor made of that", () => {
  const end: End = { kind: "exited", exitCode: 143 };
  assertEquals(reportedEnd({ end }, "cancelled"), { kind: "cancelled" });
  assertEquals(reportedEnd({ thrown: new Error("x") }, "cancelled"), {
    kind: "cancelled",
  });
});

Deno.test("an executor that throws has not started the work; nobody sees its stack", () => {
  const end = reportedEnd({ thrown: new TypeError("disk is full") }, null);
  assertEquals(end, { kind: "not_started", reason: "disk is full" });
  assertEquals(closingLine(end), "slipway: disk is full");
});

Deno.test("an end that the protocol does not know is said to be the executor's fault", () => {
  const ends: readonly End[] = [
    { kind: "exited", exitCode: 256 },
    { kind: "lost" },
  ];
  for (const end of ends) {
    const reported = reportedEnd({ end }, null);
    assert(reported.kind === "not_started");
    assertStringIncludes(reported.reason, "the executor reported an end");
  }
});

Deno.test("a reason is cut to what the protocol carries", () => {
  const end = reportedEnd({
    end: { kind: "not_started", reason: "x".repeat(20_000) },
  }, null);
  assert(end.kind === "not_started" && end.reason.length === 10_000);
});
