import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import * as z from "zod";
import { nullTestbed } from "../plugins/backends/autopkgtest/executor.ts";
import { startCliWorld } from "./cli_world.ts";
import { eventually } from "./eventually.ts";

const arch = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
const runSchema = z.looseObject({ number: z.int(), state: z.string() });

Deno.test("run --watch shows log and states, and its exit status is the run's", async () => {
  await using world = await startCliWorld();
  const passed = await world.slipway([
    "run",
    "pass",
    "-e",
    "GREETING=you",
    "-w",
  ]);
  assertEquals([passed.code, passed.stdout], [0, "hello you\n"], passed.stderr);
  assertMatch(passed.stderr, /Run 1 of pass passed after /);

  const failed = await world.slipway(["run", "fail", "--watch"]);
  assertEquals(
    [failed.code, failed.stdout],
    [1, "one of three checks failed\n"],
  );
  const again = await world.slipway(["retry", "2", "--watch"]);
  assertEquals(again.code, 1);
  assertMatch(again.stderr, /Run 3 of fail failed/);
  const watched = await world.slipway(["watch", "1"]);
  assertEquals([watched.code, watched.stdout], [0, "hello you\n"]);
});

Deno.test("run in a pipe prints the number; list prints tabs there, JSON when asked", async () => {
  await using world = await startCliWorld();
  const { stdout } = await world.slipway(["run", "pass"]);
  assertEquals(stdout, "1\n");
  assertEquals((await world.slipway(["watch", "1"])).code, 0);
  const listed = await world.slipway(["list", "--job", "pass"]);
  assertMatch(listed.stdout, /^1\tpassed\tpass\tprow\tbots\t[^\n]*\n$/);
  assertEquals(listed.stderr, "");
  const json = await world.slipway(["list", "--json", "--state", "passed"]);
  const [run] = z.array(runSchema).parse(JSON.parse(json.stdout));
  assertEquals([run?.number, run?.state], [1, "passed"]);
  const count = async (...args: string[]) => {
    const { stdout } = await world.slipway(["list", "--json", ...args]);
    return z.array(runSchema).parse(JSON.parse(stdout)).length;
  };
  assertEquals(await count("--owner", "bots", "--since", "1h"), 1);
  assertEquals(await count("--owner", "alice"), 0);
  assertEquals(await count("--until", "1h"), 0);
  assertEquals(await count("--until", "9999-12-30"), 1);
  const events = (await world.slipway(["watch", "1", "--json"])).stdout.trim()
    .split("\n").map((line) => JSON.parse(line).event);
  assertEquals(new Set(events), new Set(["log", "state"]));
  assertEquals(events.at(-1), "state");
});

Deno.test("logs -f goes on until the run ends; cancel stops it, which is no verdict", async () => {
  await using world = await startCliWorld();
  await world.slipway(["run", "slow"]);
  await using logs = world.start(["logs", "-f", "1"]);
  await using watch = world.start(["watch", "1"]);
  await eventually(
    () => logs.printed() === "begun\n" && watch.printed() === "begun\n",
    "the log does not come",
  );
  const cancelled = await world.slipway(["cancel", "1"]);
  assertEquals(cancelled.code, 0, cancelled.stderr);
  assertEquals((await logs.ended).code, 0);
  const { code, stderr } = await watch.ended;
  assertEquals(code, 3);
  assertStringIncludes(stderr, "Run 1 of slow is aborted");
  const whole = (await world.slipway(["logs", "1"])).stdout;
  assertEquals([whole.split("\n")[0], logs.printed()], ["begun", whole]);
});

Deno.test("Ctrl-C leaves the run alone, and says how to go on", async () => {
  await using world = await startCliWorld();
  await using watch = world.start(["run", "slow", "--watch"]);
  await eventually(
    () => watch.printed() === "begun\n",
    "the log does not come",
  );
  watch.interrupt();
  const { code, stderr } = await watch.ended;
  assertEquals(code, 130);
  assertStringIncludes(stderr, "slipway watch 1");
  assertStringIncludes(stderr, "slipway cancel 1");
  const run = await world.app.app.store.runs.findByNumber(1);
  assertEquals([run?.state, run?.cancelRequestedAt], ["running", null]);
  await world.slipway(["cancel", "1"]);
});

Deno.test("a package test is made with pins and trigger, and says what it waits for", async () => {
  await using world = await startCliWorld();
  const args = ["test", "hello", "--suite", "unstable", "--arch", "amd64"];
  const made = await world.slipway([
    ...args,
    "--pin",
    "src:glibc,libc6=testing",
    "--trigger",
    "glibc/2.41-1",
  ], { env: { SLIPWAY_TOKEN: "", SLIPWAY_KEY: world.key } });
  assertEquals([made.code, made.stdout], [0, "1\n"], made.stderr);
  const run = await world.app.app.store.runs.findByNumber(1);
  assertEquals(run?.owner.name, "alice");
  assertEquals(run?.request.trigger, "glibc/2.41-1");
  assertEquals(run?.request.pin_packages, [["src:glibc", "libc6", "testing"]]);
  await using watch = world.start(["watch", "1"]);
  await eventually(
    () => watch.said().includes("Waiting for a runner that offers"),
    "it does not say why nothing happens",
  );
  const refused = await world.slipway([
    "test",
    "hello",
    "--suite",
    "x",
    "--arch",
    "amd64",
  ]);
  assertEquals([refused.code, refused.stderr], [2, "Invalid suite: x\n"]);
});

const unready = await nullTestbed.unready({
  arch,
  env: Deno.env.toObject(),
});
const ignore = unready !== null && Deno.env.get("CI") !== "true";

Deno.test({
  name: ignore
    ? `test --watch of a real package (skipped: ${unready})`
    : "test --watch of a real package: its exit status is the test's",
  ignore,
  async fn() {
    await using world = await startCliWorld({ executors: [nullTestbed] });
    const args = ["--suite", "unstable", "--arch", arch, "--watch"];
    const passed = await world.slipway(["test", "hello-slipway", ...args]);
    assertEquals(passed.code, 0, passed.stderr);
    assertStringIncludes(passed.stdout, "Hello, world!\n");
    const failed = await world.slipway(["test", "failing-slipway", ...args]);
    assertEquals(failed.code, 1, failed.stderr);
    assertStringIncludes(failed.stderr, "failing-slipway failed after ");
  },
});

Deno.test("every way to go wrong has its exit status, a sentence, and no credential in it", async () => {
  await using world = await startCliWorld();
  const wrong = { SLIPWAY_TOKEN: "wr0ng.wr0ng.wr0ng" };
  const down = { SLIPWAY_URL: unusedUrl() };
  const calls: [number, string[], Record<string, string>, string][] = [
    [4, ["list"], wrong, "slipway login"],
    [4, ["list"], { SLIPWAY_TOKEN: "" }, "slipway login"],
    [3, ["list", "--retry-for", "0"], down, "nothing listens there"],
    [3, ["run", "pass", "--retry-for", "0"], down, "listens there; does"],
    [3, ["doctor", "--retry-for", "0"], down, "Cannot reach"],
    [4, ["doctor"], wrong, "BAD      credential"],
    [2, ["list", "--stat", "x"], {}, "There is no option --stat"],
    [2, ["list", "--since", "soon"], {}, "--since takes"],
    [2, ["frobnicate"], {}, "slipway --help"],
    [2, ["run", "nosuch"], {}, "nosuch"],
    [2, ["watch", "99"], {}, "Cannot find run"],
    [2, ["list"], { SLIPWAY_URL: "" }, "slipway login URL"],
    [2, ["list"], { SLIPWAY_URL: "example.org" }, "expected a URL"],
  ];
  const ended = await Promise.all(
    calls.map(([, args, env]) => world.slipway(args, { env })),
  );
  calls.forEach(([code, args, , says], index) => {
    const { stderr, stdout, code: was } = ended[index] ?? { stderr: "" };
    assertEquals([was, stdout], [code, ""], `${args}: ${stderr}`);
    assertStringIncludes(stderr, says);
    assert(!/\n\s+at |wr0ng|os error|idempotency/.test(stderr), stderr);
  });
  const { code, stderr } = await world.slipway(["list", "--json"], {
    env: wrong,
  });
  const error = z.object({ error: z.string(), exitStatus: z.literal(4) });
  assertEquals(code, error.parse(JSON.parse(stderr)).exitStatus);
});

Deno.test("doctor finds nothing wrong where nothing is", async () => {
  await using world = await startCliWorld();
  const { code, stderr } = await world.slipway(["doctor"]);
  assertEquals(code, 0, stderr);
  for (const what of ["URL", "server", "clock", "version", "store"]) {
    assertMatch(stderr, RegExp(`^ok +${what}: `, "m"));
  }
  assertMatch(stderr, /^ok +credential: group:bots/m);
});

/** Where nothing listens any more. */
function unusedUrl(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${listener.addr.port}`;
}
