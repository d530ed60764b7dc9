/**
 * Real package tests in a real root file system made with mmdebstrap. Making
 * it takes about a minute; it is kept in SLIPWAY_TESTBEDS or else in .cache/testbeds for the
 * next time.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
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
import { type SampleTest, writeSourceTree } from "./source_tree.ts";
import { gunzip, hostWith, taskOf, untar, withFolder } from "./testing.ts";

const folder = Deno.env.get("SLIPWAY_TESTBEDS") || `${root}/.cache/testbeds`;
const host = hostWith({ SLIPWAY_TESTBEDS: folder });
const lacking = await whyImpossible();

/** Registers a test that needs the testbed, and may need more. */
function test(
  name: string,
  fn: () => Promise<void>,
  alsoLacking: string | null = null,
) {
  const why = lacking ?? alsoLacking;
  const ignore = alsoLacking !== null ||
    (lacking !== null && Deno.env.get("CI") !== "true");
  const title = `autopkgtest:unshare: ${name}`;
  Deno.test({
    name: ignore ? `${title} (skipped: ${why})` : title,
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

/** Carries out a package of these tests. */
async function carryOutSample(trees: string, tests: readonly SampleTest[]) {
  await writeSourceTree(trees, "sample", tests);
  await using attempt = await begin(
    unshareTestbed,
    taskOf("sample"),
    hostWith({ SLIPWAY_TESTBEDS: folder, SLIPWAY_PACKAGE_TREES: trees }),
  );
  const end = await attempt.end;
  return { end, log: attempt.log(), kept: attempt.kept };
}

test("a test that needs root has it, in the testbed only; others are a plain user", () =>
  withFolder(async (trees) => {
    const { end, log, kept } = await carryOutSample(trees, [
      {
        name: "rooted",
        script: '[ "$(id -u)" = 0 ]; touch /in-the-testbed',
        restrictions: "needs-root",
      },
      {
        name: "plain",
        script: '[ "$(id -u)" != 0 ] && exit 77',
        restrictions: "skippable",
      },
      { name: "shaky", script: "exit 1", restrictions: "flaky" },
      { name: "machine", script: "exit 1", restrictions: "isolation-machine" },
    ]);
    assertEquals(judged(end), [2, "passed"], log);
    const summary = new TextDecoder().decode(kept.get("summary")?.bytes);
    assertMatch(summary, /^machine +SKIP .*isolation-machine/m);
    assertMatch(summary, /^rooted +PASS$/m);
    assertMatch(summary, /^plain +SKIP exit status 77/m);
    assertMatch(summary, /^shaky +FLAKY non-zero exit status 1$/m);
    assertEquals(kept.size, 8);
    assertEquals(await exists("/in-the-testbed"), false);
  }));

test("a test that puts a link in the place of its artifacts gets nothing of this machine", () =>
  withFolder(async (trees) => {
    const secret = `${trees}/secret`;
    await Deno.mkdir(secret);
    await Deno.writeTextFile(`${secret}/key`, "TOP SECRET");
    const { end, kept } = await carryOutSample(trees, [{
      name: "thief",
      script:
        `rm -r "$AUTOPKGTEST_ARTIFACTS"; ln -s ${secret} "$AUTOPKGTEST_ARTIFACTS"`,
    }]);
    assertEquals(judged(end), [16, "errored"]);
    const tarball = kept.get("artifacts.tar.gz")?.bytes;
    assert((await untar(tarball)).includes("exitcode"));
    assert(!(await gunzip(tarball)).includes("TOP SECRET"));
  }));

/** One of Debian's smaller packages whose tests need no more than the testbed has. */
const realPackage = "gzip";

test(`a real package of the archive: ${realPackage}`, async () => {
  await using attempt = await begin(unshareTestbed, taskOf(realPackage), host);
  const end = await attempt.end;
  assertEquals(judged(end), [0, "passed"], attempt.log());
  const version = new TextDecoder().decode(
    attempt.kept.get("testpkg-version")?.bytes,
  );
  assertEquals(version.trim(), `${realPackage} ${endFacts(end).version}`);
}, await archiveFault());

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

/** Whether the testbed's archive can be asked, as the machine's own apt knows it. */
async function archiveFault(): Promise<string | null> {
  try {
    const asked = await fetch(
      "http://deb.debian.org/debian/dists/stable/Release",
      {
        signal: AbortSignal.timeout(5_000),
      },
    );
    await asked.body?.cancel();
    return asked.ok ? null : `the archive answers ${asked.status}`;
  } catch {
    return "the archive cannot be reached";
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
