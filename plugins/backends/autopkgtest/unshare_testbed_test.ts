/**
 * Real package tests in a real root file system made with mmdebstrap. Making
 * it takes about a minute; it is kept in SLIPWAY_TESTBEDS or else in .cache/testbeds for the
 * next time.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type End, endFacts } from "../../../core/run.ts";
import { assertNothingLeft, begin } from "../../../tests/attempt.ts";
import { testExecutor } from "../../../tests/conformance/executor.ts";
import { eventually } from "../../../tests/eventually.ts";
import { root } from "../../../tests/paths.ts";
import { ensureTestbed } from "../../../tests/rootfs.ts";
import { unshareTestbed } from "./executor.ts";
import { outcome } from "./outcome.ts";
import { findSubIds } from "./sub_ids.ts";
import { missingCommands, systemCommands } from "./system_command.ts";
import { findTestbed } from "./testbed_folder.ts";
import { hostWith, taskOf } from "./testing.ts";

const folder = Deno.env.get("SLIPWAY_TESTBEDS") || `${root}/.cache/testbeds`;
const host = hostWith({ SLIPWAY_TESTBEDS: folder });
const lacking = await whyImpossible();

/** Registers a test that needs the testbed. */
function test(name: string, fn: () => Promise<void>) {
  const ignore = lacking !== null && Deno.env.get("CI") !== "true";
  const title = `autopkgtest:unshare: ${name}`;
  Deno.test({
    name: ignore ? `${title} (skipped: ${lacking})` : title,
    ignore,
    fn,
  });
}

test("a testbed is made with mmdebstrap", async () => {
  const { arch } = host;
  await ensureTestbed();
  const made = findTestbed(folder, "any suite", arch);
  assert(made !== null);
  assert((await Deno.stat(made)).size > 50_000_000);
  assertEquals(await unshareTestbed.unready(host), null);
});

testExecutor(unshareTestbed, {
  host,
  tasks: {
    passing: taskOf("hello-slipway"),
    failing: taskOf("failing-slipway"),
    endless: taskOf("long-test"),
    unstartable: taskOf("no-source"),
  },
  patienceSeconds: 300,
});

/** What becomes of the run, and why. */
function judged(end: End) {
  return [end.kind === "exited" ? end.exitCode : end.kind, outcome(end).state];
}

test("a passing test, with the version tested", async () => {
  await using attempt = await begin(
    unshareTestbed,
    taskOf("hello-slipway"),
    host,
  );
  const end = await attempt.end;
  assertEquals(judged(end), [0, "passed"], attempt.log());
  assertEquals(endFacts(end).version, "1.0");
  assertStringIncludes(attempt.log(), "Hello, world!");
});

test("a package that the archive does not have is not started, with the reason", async () => {
  const task = taskOf("no-such-package-anywhere");
  await using attempt = await begin(unshareTestbed, task, host);
  assertEquals(await attempt.end, {
    kind: "not_started",
    reason:
      "Cannot test no-such-package-anywhere: the testbed's archive has no source package of that name",
  }, attempt.log());
});

test("when a run is cancelled nothing of it is left", async () => {
  await using attempt = await begin(unshareTestbed, taskOf("long-test"), host);
  await eventually(
    () => /^waiting$/m.test(attempt.log()),
    `the test did not begin: ${attempt.log()}`,
    200_000,
  );
  attempt.stop();
  assertEquals(judged(await attempt.end), ["cancelled", "aborted"]);
  await assertNothingLeft(attempt.directory);
});

/** What apt cannot provide is no reason; without it the tests fail and say so. */
async function whyImpossible(): Promise<string | null> {
  const { autopkgtest, newuidmap, mmdebstrap } = systemCommands;
  const [missing] = await missingCommands([autopkgtest, newuidmap, mmdebstrap]);
  if (missing !== undefined) return `${missing.command} is not installed`;
  const subIds = await findSubIds();
  return "fault" in subIds ? subIds.fault : null;
}
