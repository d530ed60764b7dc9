/** Real package tests, on this machine itself. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type End, endFacts } from "../../../core/run.ts";
import { assertNothingLeft, begin, type Kept } from "../../../tests/attempt.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { eventually } from "../../../tests/eventually.ts";
import { nullTestbed } from "./executor.ts";
import { outcome } from "./outcome.ts";
import { type SampleTest, writeSourceTree } from "./source_tree.ts";
import type { Task } from "./task.ts";
import { gunzip, hostWith, taskOf, untar } from "./testing.ts";

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

const passing = { name: "good", script: "exit 0" };
const failing = { name: "bad", script: "exit 3" };
const skipped = {
  name: "absent",
  script: "exit 77",
  restrictions: "skippable",
};
const flaky = { name: "shaky", script: "exit 1", restrictions: "flaky" };

/** Carries out a package of these tests. */
async function carryOutSample(
  tests: readonly SampleTest[],
  fields: Partial<Task> = {},
): Promise<{ end: End; log: string; kept: ReadonlyMap<string, Kept> }> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-test-" });
  try {
    await writeSourceTree(folder, "sample", tests);
    await using attempt = await begin(
      nullTestbed,
      taskOf("sample", fields),
      hostWith({ SLIPWAY_PACKAGE_TREES: folder }),
    );
    const end = await attempt.end;
    return { end, log: attempt.log(), kept: attempt.kept };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const samples = [
  ["passes and one is skipped", [passing, skipped], [2, "passed"]],
  ["passes and one is flaky and fails", [passing, flaky], [2, "passed"]],
  ["fails and one is skipped", [failing, skipped], [6, "failed"]],
  ["is flaky and fails", [flaky], [8, "neutral"]],
] as const;

for (const [what, tests, judgement] of samples) {
  test(`a package of which one test ${what}`, async () => {
    const { end, log } = await carryOutSample(tests);
    assertEquals(judged(end), [...judgement], log);
  });
}

test("only the tests that were asked for are run", async () => {
  const { end } = await carryOutSample([passing, failing], {
    testNames: ["good"],
  });
  assertEquals(judged(end), [0, "passed"]);
  assertEquals(endFacts(end).tests, ["good PASS"]);
});

test("what autopkgtest and the tests leave is kept, links as links and pipes not at all", async () => {
  const script =
    'echo here; cd "$AUTOPKGTEST_ARTIFACTS"; echo kept > file; ln -s /etc/hostname link; mkfifo pipe';
  const { end, kept } = await carryOutSample([{ name: "leaver", script }]);
  assertEquals(judged(end), [0, "passed"]);
  assertEquals([...kept.keys()].sort(), [
    "artifacts.tar.gz",
    "duration",
    "exitcode",
    "log.gz",
    "summary",
    "testbed-packages",
    "testinfo.json",
    "testpkg-version",
  ]);
  const text = (name: string) =>
    new TextDecoder().decode(kept.get(name)?.bytes);
  assertEquals(text("exitcode"), "0\n");
  assertEquals(text("testpkg-version").trim(), "sample 1.0");
  assertStringIncludes(await gunzip(kept.get("log.gz")?.bytes), "\nhere\n");
  const names = await untar(kept.get("artifacts.tar.gz")?.bytes);
  assertEquals(names.filter((name) => name.startsWith("artifacts/")), [
    "artifacts/",
    "artifacts/file",
    "artifacts/link",
  ]);
  assert(!names.some((name) => name.endsWith("-stdout")));
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
  assertStringIncludes(
    await gunzip(attempt.kept.get("log.gz")?.bytes),
    "waiting",
  );
  assertEquals(attempt.kept.has("exitcode"), false);
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
