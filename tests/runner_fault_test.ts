import { assert, assertEquals } from "@std/assert";
import { openEmbedded } from "../db/embedded.ts";
import { eventually } from "./eventually.ts";
import { exists, isAlive } from "./processes.ts";
import { FaultyNetwork, startRig, startTestRunner } from "./runner_rig.ts";

/** A command that the first attempt at it does not end; every later one exits with 0. */
async function endlessOnce() {
  const directory = await Deno.makeTempDir();
  return {
    command: [
      "sh",
      "-c",
      `echo pid $$.; if mkdir ${directory}/first 2>/dev/null; then sleep 600; fi; echo done`,
    ],
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/** A numbered line per line, so that what is missing or doubled shows. */
const longScript = "seq -f 'line %.0f' 1 30000; echo end";

function longLog(): string {
  const lines = Array.from({ length: 30_000 }, (_, at) => `line ${at + 1}\n`);
  return `${lines.join("")}end\n`;
}

Deno.test("a lost runner's run is claimed again, and when it comes back its work is killed", async () => {
  await using rig = await startRig();
  await using task = await endlessOnce();
  const network = new FaultyNetwork();
  await using _lost = startTestRunner(rig.url, { fetch: network.fetch });
  const { id } = await rig.submit({ do: { command: task.command } });
  const pid = (await rig.untilLogged(id, ".")).replace(/\D+/g, "");

  network.isCut = true;
  await using _other = startTestRunner(rig.url);
  const run = await rig.until(id, "passed");
  assertEquals([run.attempt, run.lostAttempts], [2, 1]);
  assert(isAlive(pid), "nobody has told the lost runner yet");

  network.isCut = false;
  await eventually(() => !isAlive(pid), "the zombie's work goes on");
  assertEquals(await rig.show(id), run);
});

Deno.test("a zombie's result and log are refused and change nothing", async () => {
  await using rig = await startRig();
  const directory = await Deno.makeTempDir();
  const network = new FaultyNetwork();
  await using zombie = startTestRunner(rig.url, { fetch: network.fetch });
  // The first attempt fails once it is let go; the second passes.
  const { id } = await rig.submit({
    do: {
      command: [
        "sh",
        "-c",
        `cd ${directory}; echo begun; if mkdir first 2>/dev/null; then until [ -e go ]; do sleep 0.01; done; echo zombie; touch gone; exit 3; fi`,
      ],
    },
  });
  await rig.untilLogged(id, "begun");

  network.isCut = true;
  await using _other = startTestRunner(rig.url);
  const run = await rig.until(id, "passed");
  await Deno.writeTextFile(`${directory}/go`, "");
  await eventually(() => exists(`${directory}/gone`), "the zombie hangs");

  network.isCut = false;
  zombie.drain();
  await zombie.done;
  assertEquals(await rig.show(id), run);
  assertEquals(await rig.log(id), "begun\n");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a claim whose answer is lost loses no run and claims no second one", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  let lost = 0;
  network.losesAnswer = (path) => path === "/claim" && lost++ < 3;
  const first = await rig.submit({ do: { exit: 0 } });
  const second = await rig.submit({ do: { exit: 0 } });
  await using _runner = startTestRunner(rig.url, { fetch: network.fetch });
  for (const { id } of [first, second]) {
    const run = await rig.until(id, "passed");
    assertEquals([run.attempt, run.lostAttempts], [1, 0]);
  }
  assert(lost > 3);
});

Deno.test("a start whose answer is lost is no second attempt", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  let lost = 0;
  network.losesAnswer = (path) => path.endsWith("/start") && lost++ < 3;
  await using _runner = startTestRunner(rig.url, { fetch: network.fetch });
  const { id } = await rig.submit({ do: { exit: 0 } });
  assertEquals((await rig.until(id, "passed")).attempt, 1);
});

Deno.test("a log arrives whole although answers and requests are lost", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  let count = 0;
  network.losesAnswer = (path) => path.endsWith("/log") && ++count % 2 === 1;
  await using _runner = startTestRunner(rig.url, { fetch: network.fetch });
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", longScript] },
  });
  const run = await rig.until(id, "passed");
  const expected = longLog();
  assert(await rig.log(id) === expected, "the log differs");
  assertEquals(run.logBytes, expected.length);
  assert(count > 2, "no answer was lost");
});

Deno.test("a result whose answer is lost is told again, and stays the one result", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  let lost = 0;
  network.losesAnswer = (path) => path.endsWith("/result") && lost++ < 3;
  await using runner = startTestRunner(rig.url, { fetch: network.fetch });
  const { id } = await rig.submit({ do: { exit: 3, print: ["bad"] } });
  const run = await rig.until(id, "failed");
  runner.drain();
  await runner.done;
  assert(network.count(/^PUT .*\/result$/) > 3);
  assertEquals(await rig.show(id), run);
});

Deno.test("work that comes in with the poll of a runner that has begun to drain is given back", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  await using draining = startTestRunner(rig.url, { fetch: network.fetch });
  await eventually(() => network.count(/claim/) > 0, "it does not claim");
  network.beforeAnswer = (path) => {
    if (path === "/claim") draining.drain();
  };
  const { id } = await rig.submit({ do: { exit: 0 } });
  await draining.done;
  assertEquals(network.count(/release/), 1);
  const { state, lostAttempts } = await rig.show(id);
  assertEquals([state, lostAttempts], ["queued", 0]);
});

Deno.test("a runner that has to go while its poll's answer is under way gives that run back too", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  let held = 0;
  network.losesAnswer = (path) => path === "/claim" && held++ === 0;
  await using draining = startTestRunner(rig.url, {
    fetch: network.fetch,
  });
  network.beforeAnswer = (path) => {
    if (path === "/claim") draining.drain();
  };
  const { id } = await rig.submit({ do: { exit: 0 } });
  await draining.done;
  assertEquals(network.count(/release/), 1);
  assertEquals((await rig.show(id)).state, "queued");
});

Deno.test("a run that is cancelled between claim and start does not begin", async () => {
  await using rig = await startRig();
  const network = new FaultyNetwork();
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "echo begun; sleep 600"] },
  });
  network.beforeAnswer = async (path) => {
    if (path === "/claim") await rig.cancel(id);
  };
  await using _runner = startTestRunner(rig.url, { fetch: network.fetch });
  const run = await rig.until(id, "aborted");
  assertEquals(run.attempt, 1);
  assertEquals(await rig.log(id), "slipway: cancelled\n");
});

Deno.test("a server that restarts loses no run, no log and no finished result", async () => {
  const directory = await Deno.makeTempDir();
  const open = () => openEmbedded(`${directory}/slipway.db`);
  let rig = await startRig({ database: open() });
  const { url, port } = rig;
  await using _runner = startTestRunner(url);
  const { id } = await rig.submit({
    do: {
      command: [
        "sh",
        "-c",
        `echo before; cd ${directory}; until [ -e go ]; do sleep 0.01; done; echo after; touch gone`,
      ],
    },
  });
  await rig.untilLogged(id, "before");
  await rig[Symbol.asyncDispose]();

  await Deno.writeTextFile(`${directory}/go`, "");
  await eventually(() => exists(`${directory}/gone`), "the work hangs");
  rig = await startRig({ database: open(), port });
  try {
    const run = await rig.until(id, "passed");
    assertEquals([run.attempt, run.lostAttempts], [1, 0]);
    assertEquals(await rig.log(id), "before\nafter\n");
    const next = await rig.submit({ do: { exit: 0 } });
    await rig.until(next.id, "passed");
  } finally {
    await rig[Symbol.asyncDispose]();
    await Deno.remove(directory, { recursive: true });
  }
});
