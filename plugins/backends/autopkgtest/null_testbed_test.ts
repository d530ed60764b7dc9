/** Real package tests, on this machine itself. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type End, endFacts } from "../../../core/run.ts";
import { assertNothingLeft, begin } from "../../../tests/attempt.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { eventually } from "../../../tests/eventually.ts";
import { nullTestbed } from "./executor.ts";
import { outcome } from "./outcome.ts";
import { hostWith, taskOf } from "./testing.ts";

const host = hostWith();
const unready = await nullTestbed.unready(host);

testExecutor(nullTestbed, {
  host,
  tasks: {
    passing: taskOf("hello-slipway"),
    failing: taskOf("failing-slipway"),
    endless: taskOf("long-test"),
    unstartable: taskOf("no-source"),
  },
});

/** Registers a test that needs autopkgtest. */
function test(name: string, fn: () => Promise<void>) {
  const ignore = unready !== null && Deno.env.get("CI") !== "true";
  const title = `autopkgtest:null: ${name}`;
  Deno.test({
    name: ignore ? `${title} (skipped: ${unready})` : title,
    ignore,
    fn,
  });
}

async function carryOut(name: string): Promise<{ end: End; log: string }> {
  await using attempt = await begin(nullTestbed, taskOf(name), host);
  return { end: await attempt.end, log: attempt.log() };
}

/** What becomes of the run, and why. */
function judged(end: End) {
  return [end.kind === "exited" ? end.exitCode : end.kind, outcome(end).state];
}

test("a test that passes, with the version tested and each test's result", async () => {
  const { end, log } = await carryOut("hello-slipway");
  assertEquals(judged(end), [0, "passed"]);
  assertEquals(endFacts(end), {
    version: "1.0",
    tests: ["greeting PASS"],
  });
  assertStringIncludes(log, "Hello, world!");
  assertStringIncludes(log, "testing package hello-slipway version 1.0");
});

test("a test that fails", async () => {
  const { end } = await carryOut("failing-slipway");
  assertEquals(judged(end), [4, "failed"]);
  assertEquals(endFacts(end).tests, ["sum FAIL non-zero exit status 1"]);
});

test("a test that is skipped", async () => {
  const { end } = await carryOut("skipped-slipway");
  assertEquals(judged(end), [8, "neutral"]);
});

test("a testbed that breaks says nothing about the package", async () => {
  const { end } = await carryOut("broken-testbed");
  assertEquals(judged(end), [16, "errored"]);
  assertEquals(
    endFacts(end).problem,
    "testbed failure: testbed auxverb failed with exit code 255",
  );
});

test("a package that is at fault itself fails", async () => {
  const { end } = await carryOut("erroneous");
  assertEquals(judged(end), [12, "failed"]);
});

test("a folder that is no source tree is told from a package that fails", async () => {
  const { end } = await carryOut("no-source");
  assertEquals(judged(end), ["not_started", "errored"]);
});

test("a package that is nowhere is errored, with the reason in the log", async () => {
  const { end, log } = await carryOut("no-such-package-anywhere");
  assertEquals(outcome(end).state, "errored");
  const told = end.kind === "not_started" ? end.reason : log;
  assertStringIncludes(told, "no-such-package-anywhere");
});

test("what would change this machine's apt is refused", async () => {
  const pins = [{ suite: "testing", packages: ["bash"] }];
  const task = taskOf("hello-slipway", { pins });
  await using attempt = await begin(nullTestbed, task, host);
  assertEquals(judged(await attempt.end), ["not_started", "errored"]);
});

test("one test that takes too long fails by itself", async () => {
  const task = taskOf("long-test", { testTimeoutSeconds: 2 });
  await using attempt = await begin(nullTestbed, task, host);
  const end = await attempt.end;
  assertEquals(judged(end), [4, "failed"]);
  assertEquals(endFacts(end).tests, ["wait FAIL timed out"]);
});

test("a run that takes too long is stopped, and nothing of it is left", async () => {
  const task = taskOf("long-test", { timeoutSeconds: 4 });
  await using attempt = await begin(nullTestbed, task, host);
  const end = await attempt.end;
  assertEquals(judged(end), ["timed_out", "errored"]);
  await assertNothingLeft(attempt.directory);
});

test("when a run is cancelled nothing of it is left, not even what made a session of its own", async () => {
  await using attempt = await begin(nullTestbed, taskOf("long-test"), host);
  await eventually(
    () => attempt.log().includes("waiting"),
    `the test did not begin: ${attempt.log()}`,
    60_000,
  );
  attempt.stop();
  assertEquals(judged(await attempt.end), ["cancelled", "aborted"]);
  await assertNothingLeft(attempt.directory);
});
