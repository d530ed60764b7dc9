import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import type { Executor } from "../core/executor.ts";
import { silentLog } from "../core/log.ts";
import { dummy } from "../plugins/backends/dummy/executor.ts";
import { eventually } from "../tests/eventually.ts";
import { type AttemptLent, runAttempt } from "./attempt.ts";
import { Client } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import {
  type Asked,
  problemAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "./testing/scripted_server.ts";
import { assignment, lease, StoredLog } from "./testing/shipper_rig.ts";

/** Answers by the last part of the path; what is not named succeeds. */
type Answers = { readonly [verb: string]: (asked: Asked) => Response };

function serve(answers: Answers = {}): ScriptedServer & { log: StoredLog } {
  const log = new StoredLog();
  const server = startScriptedServer((asked) => {
    const verb = asked.path.split("/").at(-1) ?? "";
    const answer = answers[verb];
    if (answer) return answer(asked);
    return verb === "log" ? log.take(asked) : Response.json(lease);
  });
  return { ...server, log };
}

function attempt(
  server: ScriptedServer,
  task: Record<string, unknown>,
  lent: Partial<AttemptLent> = {},
) {
  const clock = lent.clock ?? systemClock;
  const random = () => 0.01 * Math.random();
  const client = new Client({
    serverUrl: server.url,
    fetch,
    clock,
    now: () => 0,
    random,
    log: silentLog,
  });
  return runAttempt({ ...assignment, task }, {
    client,
    executor: dummy,
    host: { arch: "amd64", env: {} },
    clock,
    now: Date.now,
    random: Math.random,
    log: silentLog,
    heartbeatSeconds: 60,
    logFlushMs: 5,
    shutdown: new AbortController().signal,
    ...lent,
  });
}

function verbs({ asked }: ScriptedServer): string[] {
  return asked.map(({ path }) => path.split("/").at(-1) ?? "");
}

function json({ body }: Asked): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

/** Long enough to be stopped; a test that does not get to that ends all the same. */
const endless = { do: { sleepSeconds: 20 } };

Deno.test("an attempt starts, ships its log and tells its result, in this order", async () => {
  await using server = serve();
  const end = { kind: "exited", exitCode: 3 } as const;
  const outcome = await attempt(server, { do: { exit: 3, print: ["hello"] } });
  assertEquals(outcome, { kind: "reported", end });
  assertEquals(verbs(server), ["start", "log", "result"]);
  const [, , result] = server.asked;
  assert(result);
  assertEquals(json(result), { end, logBytes: 6 });
});

Deno.test("a server that misses some of the log gets it, and the result again", async () => {
  let results = 0;
  await using server = serve({
    result: () => {
      if (++results > 1) return Response.json({});
      server.log.bytes = server.log.bytes.slice(0, 3);
      return problemAnswer(412, "log_incomplete", { range: "bytes=0-2" });
    },
  });
  const outcome = await attempt(server, { do: { exit: 0, print: ["hello"] } });
  assertEquals(outcome.kind, "reported");
  assertEquals(verbs(server), ["start", "log", "result", "log", "result"]);
  const last = server.asked.at(-1);
  assert(last);
  assertEquals(json(last), {
    end: { kind: "exited", exitCode: 0 },
    logBytes: server.log.bytes.byteLength,
  });
});

Deno.test("heartbeats come up to a quarter early or late, until the end", async () => {
  const slept: number[] = [];
  const clock: Clock = {
    elapsedMs: systemClock.elapsedMs,
    sleep(ms, signal) {
      if (ms > 5 && ms < 1000) slept.push(ms);
      return systemClock.sleep(ms, signal);
    },
  };
  await using server = serve();
  const work = attempt(server, { do: { sleepSeconds: 0.4 } }, {
    clock,
    heartbeatSeconds: 0.02,
  });
  await work;
  const beats = verbs(server).filter((verb) => verb === "heartbeat").length;
  assertGreater(beats, 3);
  for (const ms of slept) {
    assertGreaterOrEqual(ms, 15);
    assertLessOrEqual(ms, 25);
  }
  assertGreater(new Set(slept).size, 1);
});

const cancels = { leaseUntil: 5, cancel: true };

for (const verb of ["heartbeat", "log", "start"]) {
  Deno.test(`a wish to cancel in the answer to ${verb} stops the work`, async () => {
    await using server = serve({ [verb]: () => Response.json(cancels) });
    const outcome = await attempt(server, endless, { heartbeatSeconds: 0.02 });
    assertEquals(outcome, { kind: "reported", end: { kind: "cancelled" } });
  });
}

for (const verb of ["heartbeat", "log", "start", "result"]) {
  Deno.test(`an attempt whose ${verb} is stale stops, and tells no other result`, async () => {
    await using server = serve({
      [verb]: () => problemAnswer(409, "stale_attempt"),
    });
    const task = verb === "result" ? { do: { exit: 0 } } : endless;
    const outcome = await attempt(server, task, { heartbeatSeconds: 0.02 });
    assertEquals(outcome, { kind: "stale" });
    const results = verbs(server).filter((each) => each === "result").length;
    assertEquals(results, verb === "result" ? 1 : 0);
  });
}

Deno.test("heartbeats that fail do not stop the work", async () => {
  await using server = serve({
    heartbeat: () => problemAnswer(503, "unavailable"),
  });
  const outcome = await attempt(server, { do: { sleepSeconds: 0.2 } }, {
    heartbeatSeconds: 0.02,
  });
  assertEquals(outcome, {
    kind: "reported",
    end: { kind: "exited", exitCode: 0 },
  });
});

Deno.test("a log that the server refuses does not keep the result from it", async () => {
  await using server = serve({ log: () => problemAnswer(413, "too_large") });
  const outcome = await attempt(server, { do: { exit: 0, print: ["x"] } });
  assertEquals(outcome.kind, "reported");
  const last = server.asked.at(-1);
  assert(last);
  assertEquals(json(last), {
    end: { kind: "exited", exitCode: 0 },
    logBytes: 0,
  });
});

Deno.test("an end that the server never takes is given up in the end", async () => {
  await using server = serve({
    result: () => problemAnswer(503, "unavailable"),
  });
  let delivering = 0;
  const clock: Clock = {
    elapsedMs: systemClock.elapsedMs,
    // An hour passes in no time.
    sleep(ms, signal) {
      if (ms < 3_600_000 || ms === Infinity) {
        return systemClock.sleep(ms, signal);
      }
      delivering++;
      return systemClock.sleep(100, signal);
    },
  };
  await assertRejects(
    () => attempt(server, { do: { exit: 0 } }, { clock }),
    Error,
    "did not take the result",
  );
  assertEquals(delivering, 1);
});

Deno.test("a runner that must go gives the work back, once it has stopped", async () => {
  const shutdown = new AbortController();
  let isStopped = false;
  const slow: Executor = {
    ...dummy,
    async run(...parts) {
      const end = await dummy.run(...parts);
      isStopped = true;
      return end;
    },
  };
  let wasStopped = false;
  await using server = serve({
    release: () => {
      wasStopped = isStopped;
      return Response.json({});
    },
  });
  const work = attempt(server, endless, {
    executor: slow,
    shutdown: shutdown.signal,
  });
  await eventually(() => verbs(server).includes("log"), "it does not begin");
  shutdown.abort();
  assertEquals(await work, { kind: "released" });
  assert(wasStopped);
  assert(!verbs(server).includes("result"));
});
