/** The command line's way to manage runners, in a pipe and on a terminal. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import * as z from "zod";
import { type CliWorld, startCliWorld } from "./cli_world.ts";
import { eventually } from "./eventually.ts";

const runnerSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  running: z.int(),
});

const operator = (world: CliWorld) => ({ SLIPWAY_TOKEN: world.adminToken });

/** The one runner of the world, once it has registered. */
async function theRunner(world: CliWorld) {
  const env = operator(world);
  let found = z.array(runnerSchema).parse([]);
  await eventually(async () => {
    const { stdout } = await world.slipway(["runner", "list", "--json"], {
      env,
    });
    found = z.array(runnerSchema).parse(JSON.parse(stdout));
    return found.length > 0;
  }, "no runner registers");
  const [runner] = found;
  assert(runner !== undefined);
  return runner;
}

Deno.test("runners are listed, shown, paused and resumed, by id and by name", async () => {
  await using world = await startCliWorld();
  const env = operator(world);
  const { id, name } = await theRunner(world);
  const listed = await world.slipway(["runner", "list"], { env });
  assertMatch(
    listed.stdout,
    RegExp(`^${id}\t${name}\tactive\t0\t\\S+Z\tprow\ttest\n$`),
  );
  const paused = await world.slipway(["runner", "pause", name], { env });
  assertEquals([paused.code, paused.stdout], [0, ""], paused.stderr);
  assertStringIncludes(paused.stderr, `Runner ${name} (${id}) is paused.`);
  const shown = await world.slipway(["runner", "show", id], { env });
  assertStringIncludes(shown.stdout, "state\tpaused\n");
  assertStringIncludes(shown.stdout, "offers\t");
  const again = await world.slipway(["runner", "resume", id, "--json"], {
    env,
  });
  assertEquals(runnerSchema.parse(JSON.parse(again.stdout)).state, "active");
  const revoked = await world.slipway(["runner", "revoke", id], { env });
  assertEquals(revoked.code, 0, revoked.stderr);
  assertStringIncludes(revoked.stderr, "is revoked.");
});

Deno.test("drain --watch waits until the runner has nothing, and what came later waits for its return", async () => {
  await using world = await startCliWorld();
  const env = operator(world);
  const { id } = await theRunner(world);
  await world.slipway(["run", "slow"]);
  await using log = world.start(["logs", "-f", "1"]);
  await eventually(() => log.printed() === "begun\n", "no log comes");
  await using drain = world.start(["runner", "drain", id, "--watch"], { env });
  await eventually(
    () => drain.said().includes("is paused and has one run (1).\n"),
    "it does not say what still runs",
  );
  await world.slipway(["run", "pass"]);
  const told = await world.slipway(["runner", "drain", id, "--json"], { env });
  assertEquals(runnerSchema.parse(JSON.parse(told.stdout)).running, 1);
  await world.slipway(["cancel", "1"]);
  const { code, stdout, stderr } = await drain.ended;
  assertEquals([code, stdout], [0, ""], stderr);
  assert(stderr.endsWith("is paused and has nothing to do.\n"), stderr);
  assert(!stderr.includes("\x1b"), "a status line in a pipe");
  const second = await world.app.app.store.runs.findByNumber(2);
  assertEquals(second?.state, "queued");
  await world.slipway(["runner", "resume", id], { env });
  assertEquals((await world.slipway(["watch", "2"])).code, 0);
});

Deno.test("on a terminal drain has a status line; Ctrl-C leaves the runner paused, resume ends the wait", async () => {
  await using world = await startCliWorld();
  const env = operator(world);
  const { id, name } = await theRunner(world);
  await world.slipway(["run", "slow"]);
  await eventually(
    async () =>
      (await world.app.app.store.runs.findByNumber(1))?.state === "running",
    "the run does not begin",
  );
  await using drain = world.start(["runner", "drain", name, "-w"], {
    onTerminal: true,
    env,
  });
  const status = `· ${name} has one run, `;
  await eventually(() => drain.printed().includes(status), "no status line");
  await drain.type("\x03");
  const { code, stdout } = await drain.ended;
  assertEquals(code, 130, stdout);
  assertStringIncludes(stdout, `slipway runner resume ${id}`);
  assert(!/\n· [^\n]*$/.test(stdout), "the status line stays");
  await using waiting = world.start(["runner", "drain", id, "-w"], { env });
  await eventually(() => waiting.said().includes("one run"), "it says nothing");
  await world.slipway(["runner", "resume", id], { env });
  const ended = await waiting.ended;
  assertEquals(ended.code, 3);
  assertStringIncludes(ended.stderr, "somebody has resumed it");
  await world.slipway(["cancel", "1"]);
});

Deno.test("who may not manage runners, and who names none, are told", async () => {
  await using world = await startCliWorld();
  const { id } = await theRunner(world);
  const calls: [number, string[], Record<string, string>, string][] = [
    [4, ["pause", id], {}, "runners:manage is missing"],
    [2, ["pause", "nosuch"], operator(world), "slipway runner list"],
    [2, ["show", crypto.randomUUID()], operator(world), "none of this id"],
    [2, ["drain"], operator(world), "RUNNER is missing"],
    [2, ["frobnicate"], operator(world), "slipway runner drain"],
  ];
  for (const [code, args, env, says] of calls) {
    const ended = await world.slipway(["runner", ...args], { env });
    assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
    assertStringIncludes(ended.stderr, says);
  }
});
