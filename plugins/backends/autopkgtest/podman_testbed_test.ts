/** Real package tests in real containers of an image without a registry. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type End, endFacts } from "../../../core/run.ts";
import { begin } from "../../../tests/attempt.ts";
import { eventually } from "../../../tests/eventually.ts";
import {
  ensurePackageTestStorage,
  packageTestImage,
  tryTo,
} from "../../../tests/rootfs.ts";
import { podmanTestbed } from "./executor.ts";
import { outcome } from "./outcome.ts";
import {
  chosenCommands,
  missingCommands,
  systemCommands,
} from "./system_command.ts";
import { hostWith, run, taskOf } from "./testing.ts";

const [missing] = await missingCommands([
  systemCommands.autopkgtest,
  systemCommands.mmdebstrap,
  chosenCommands.podman,
  { command: "runc", package: "runc" },
]);
const { made, lacking } = missing === undefined
  ? await tryTo(ensurePackageTestStorage)
  : { made: null, lacking: `${missing.command} is not installed` };
const host = hostWith({
  ...made ?? {},
  SLIPWAY_TESTBED_PODMAN: `${packageTestImage} -- --network=none`,
});

/** Registers a test that needs containers. */
function test(name: string, fn: () => Promise<void>) {
  const ignore = lacking !== null && Deno.env.get("CI") !== "true";
  const title = `autopkgtest:podman: ${name}`;
  Deno.test({
    name: ignore ? `${title} (skipped: ${lacking})` : title,
    ignore,
    fn,
  });
}

/** What becomes of the run, and why. */
function judged(end: End) {
  return [end.kind === "exited" ? end.exitCode : end.kind, outcome(end).state];
}

test("a passing test, with what it leaves, and no container afterwards", async () => {
  assertEquals(await podmanTestbed.unready(host), null);
  assertEquals(podmanTestbed.offer(host), {
    backend: ["autopkgtest"],
    arch: [host.arch],
    testbed: ["disposable"],
    suite: ["*"],
  });
  await using attempt = await begin(
    podmanTestbed,
    taskOf("hello-slipway"),
    host,
  );
  const end = await attempt.end;
  assertEquals(judged(end), [0, "passed"], attempt.log());
  assertEquals(endFacts(end).version, "1.0");
  assertStringIncludes(attempt.log(), "Hello, world!");
  assertEquals(attempt.kept.has("artifacts.tar.gz"), true);
  assertEquals(await containers(), "");
});

test("when a run is cancelled its container goes", async () => {
  await using attempt = await begin(podmanTestbed, taskOf("long-test"), host);
  await eventually(
    () => /^waiting$/m.test(attempt.log()),
    `the test did not begin: ${attempt.log()}`,
    200_000,
  );
  attempt.stop();
  assertEquals(judged(await attempt.end), ["cancelled", "aborted"]);
  assertEquals(await containers(), "");
});

test("an image that is not there is said so, with how to make it", async () => {
  const none = "localhost/no-such-image:{suite}";
  const unready = await podmanTestbed.unready(
    hostWith({ ...made ?? {}, SLIPWAY_TESTBED_PODMAN: none }),
  );
  assertStringIncludes(
    unready ?? "",
    `there is no testbed ${none}; make one, for unstable: autopkgtest-build-podman`,
  );
});

/** Containers of package tests that there are now. */
async function containers(): Promise<string> {
  const args = ["ps", "--all", "--quiet", "--filter", "name=^slipway-"];
  return await run("podman", args, made ?? {});
}
