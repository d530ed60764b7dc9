import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dummy } from "../plugins/backends/dummy/executor.ts";
import { Refused } from "../runner/call.ts";
import { eventually } from "./eventually.ts";
import { exists, isAlive } from "./processes.ts";
import { startRig, startTestRunner } from "./runner_rig.ts";

const ends: readonly {
  wish: Record<string, unknown>;
  state: string;
  message: RegExp;
  log: RegExp;
}[] = [
  {
    wish: { exit: 0, print: ["one", "two"] },
    state: "passed",
    message: /code 0/,
    log: /^one\ntwo\n$/,
  },
  {
    wish: { command: ["sh", "-c", "echo real; exit 3"] },
    state: "failed",
    message: /code 3/,
    log: /^real\n$/,
  },
  {
    wish: { exit: 77 },
    state: "neutral",
    message: /code 77/,
    log: /^$/,
  },
  {
    wish: {
      command: ["sh", "-c", "printf begun; sleep 60"],
      timeoutSeconds: 0.2,
    },
    state: "failed",
    message: /longer than 0.2 s/,
    log: /^begun\nslipway: stopped because it took longer than 0.2 s\n$/,
  },
  {
    wish: { command: ["no-such-command"] },
    state: "errored",
    message: /no such command/,
    log: /^slipway: Cannot run "no-such-command": there is no such command/,
  },
  {
    wish: { failToStart: "the disk is full" },
    state: "errored",
    message: /the disk is full/,
    log: /^slipway: the disk is full\n$/,
  },
  {
    wish: { crash: "the executor is broken" },
    state: "errored",
    message: /the executor is broken/,
    log: /^slipway: the executor is broken\n$/,
  },
];

for (const { wish, state, message, log } of ends) {
  Deno.test(`${JSON.stringify(wish)} ends ${state}, with the log that tells why`, async () => {
    await using rig = await startRig();
    await using _runner = startTestRunner(rig.url);
    const { id } = await rig.submit({ do: wish });
    const run = await rig.until(id, "passed", "failed", "neutral", "errored");
    assertEquals(run.state, state);
    assertMatch(run.message ?? "", message);
    assertMatch(await rig.log(id), log);
    assertNotMatch(await rig.log(id), /\bat .+:\d+:\d+/);
    assertEquals([run.attempt, run.lostAttempts], [1, 0]);
  });
}

Deno.test("a running command's log can be read before it ends, and its folder goes with it", async () => {
  await using rig = await startRig();
  await using _runner = startTestRunner(rig.url);
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "pwd; until [ -e go ]; do sleep 0.01; done"] },
  });
  const directory = (await rig.untilLogged(id, "\n")).trim();
  assertEquals((await rig.show(id)).state, "running");
  await Deno.mkdir(`${directory}/locked/inside`, { recursive: true });
  await Deno.chmod(`${directory}/locked`, 0o500);
  await Deno.writeTextFile(`${directory}/go`, "");
  await rig.until(id, "passed");
  await assertRejects(() => Deno.stat(directory), Deno.errors.NotFound);
});

Deno.test("cancel reaches a running process, and its children", async () => {
  await using rig = await startRig();
  await using _runner = startTestRunner(rig.url);
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "sleep 600 & echo $! $$.; wait"] },
  });
  const pids = (await rig.untilLogged(id, ".")).trim().split(/\D+/);
  await rig.cancel(id);
  const run = await rig.until(id, "aborted");
  assertEquals(run.attempt, 1);
  for (const pid of pids.filter((pid) => pid !== "")) {
    assert(!isAlive(pid), `process ${pid} survived`);
  }
  assertStringIncludes(await rig.log(id), "slipway: cancelled\n");
});

Deno.test("a run that no runner offers waits and says what it waits for, until one does", async () => {
  await using rig = await startRig();
  await using _red = startTestRunner(rig.url, { env: { DUMMY_COLOUR: "red" } });
  const { id } = await rig.submit({
    do: { exit: 0 },
    labels: { colour: "blue" },
  });
  const other = await rig.submit({
    do: { exit: 0 },
    labels: { colour: "red" },
  });
  await rig.until(other.id, "passed");
  const waiting = await rig.test.request(`/v1/runs/${id}`, { user: "alice" });
  assertStringIncludes(await waiting.text(), "colour=blue");
  assertEquals((await rig.show(id)).state, "queued");
  await using _blue = startTestRunner(rig.url, {
    env: { DUMMY_COLOUR: "blue" },
  });
  await rig.until(id, "passed");
});

Deno.test("no more runs at a time than there are slots, and all of them in the end", async () => {
  await using rig = await startRig();
  let running = 0;
  let most = 0;
  const counting = {
    ...dummy,
    async run(...parts: Parameters<typeof dummy.run>) {
      most = Math.max(most, ++running);
      // However slow the machine is, the first ones go on together.
      await eventually(() => most >= 3, "no three runs go on at a time");
      const end = await dummy.run(...parts);
      running--;
      return end;
    },
  };
  const runs = [];
  for (let count = 0; count < 7; count++) {
    runs.push(await rig.submit({ do: { sleepSeconds: 0.1 } }));
  }
  await using _runner = startTestRunner(rig.url, {
    executors: [counting],
    slots: 3,
  });
  for (const { id } of runs) await rig.until(id, "passed");
  assertEquals(most, 3);
});

Deno.test("an executor takes no more at a time than it can, while others go on", async () => {
  await using rig = await startRig();
  const single = { ...dummy, concurrency: 1, name: "single" };
  const red = {
    ...single,
    offer: () => ({ backend: ["dummy"], colour: ["red"] }),
  };
  const blue = {
    ...single,
    offer: () => ({ backend: ["dummy"], colour: ["blue"] }),
  };
  await using _runner = startTestRunner(rig.url, {
    executors: [red, blue],
    slots: 4,
  });
  const submit = (colour: string, sleepSeconds: number) =>
    rig.submit({ do: { sleepSeconds }, labels: { colour } });
  const first = await submit("red", 600);
  await rig.until(first.id, "running");
  const second = await submit("red", 0);
  const other = await submit("blue", 0);
  await rig.until(other.id, "passed");
  assertEquals((await rig.show(second.id)).state, "queued");
  await rig.cancel(first.id);
  await rig.until(second.id, "passed");
});

Deno.test("a drained runner finishes what it has and takes nothing more", async () => {
  await using rig = await startRig();
  await using runner = startTestRunner(rig.url);
  const { id } = await rig.submit({
    do: { command: ["sh", "-c", "pwd; until [ -e go ]; do sleep 0.01; done"] },
  });
  const directory = (await rig.untilLogged(id, "\n")).trim();
  runner.drain();
  const late = await rig.submit({ do: { exit: 0 } });
  await Deno.writeTextFile(`${directory}/go`, "");
  await runner.done;
  assertEquals((await rig.show(id)).state, "passed");
  const { state, lostAttempts } = await rig.show(late.id);
  assertEquals([state, lostAttempts], ["queued", 0]);
});

Deno.test("an idle runner that drains does not wait for its poll to end", async () => {
  await using rig = await startRig();
  await using runner = startTestRunner(rig.url);
  const { id } = await rig.submit({ do: { exit: 0 } });
  await rig.until(id, "passed");
  const startedAt = performance.now();
  runner.drain();
  await runner.done;
  assertLess(performance.now() - startedAt, 4_000);
});

Deno.test("a runner that must go at once gives its work back, and another one does it", async () => {
  await using rig = await startRig();
  const marker = await Deno.makeTempFile();
  try {
    const { id } = await rig.submit({
      do: {
        command: [
          "sh",
          "-c",
          `echo $$.; if [ -e ${marker} ]; then rm ${marker}; sleep 600; fi`,
        ],
      },
    });
    await using leaving = startTestRunner(rig.url);
    const pid = (await rig.untilLogged(id, ".")).replace(/\D+/g, "");
    await eventually(() => !exists(marker), "the work did not get far");
    leaving.drain();
    leaving.shutdown();
    await leaving.done;
    assert(!isAlive(pid));
    await using _staying = startTestRunner(rig.url);
    const run = await rig.until(id, "passed");
    assert(run.attempt >= 2);
    assertEquals(run.lostAttempts, 0, "given back is not lost");
  } finally {
    await Deno.remove(marker).catch(() => {});
  }
});

Deno.test("a runner that the server has forgotten registers again", async () => {
  await using rig = await startRig();
  await using _runner = startTestRunner(rig.url);
  const first = await rig.submit({ do: { exit: 0 } });
  await rig.until(first.id, "passed");
  await rig.test.app.store.database.batch([
    {
      text: "update runner set token_sha256 = 'forgotten' || id",
      values: [],
    },
  ]);
  const second = await rig.submit({ do: { exit: 0 } });
  // The poll that was open may still bring this one; the next one needs a new token.
  await rig.until(second.id, "passed");
  const third = await rig.submit({ do: { exit: 0 } });
  await rig.until(third.id, "passed");
});

Deno.test("a runner with the wrong registration token ends and says so", async () => {
  await using rig = await startRig();
  await using runner = startTestRunner(rig.url, { token: "wrong" });
  await assertRejects(() => runner.done, Refused, "SLIPWAY_RUNNER_TOKEN");
});
