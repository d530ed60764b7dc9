import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runSchema } from "../routes/run_json.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

const assignmentSchema = z.object({
  run: z.object({ id: z.string(), attempt: z.number() }),
  attemptToken: z.string(),
});
const offers = [{ backend: ["dummy"] }];
const user = "alice";

/** A server, and a runner that says by itself what it wants to say. */
async function start() {
  const test = await startTestApp([dummy()]);
  const send = (
    method: string,
    path: string,
    token: string,
    body: unknown,
    headers: Record<string, string> = {},
  ) =>
    test.request(`/runner/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const registered = await send("POST", "/register", runnerToken, {
    name: "r",
    version: "0",
    offers,
  });
  const { token } = z.object({ token: z.string() }).parse(
    await registered.json(),
  );
  const claim = async (waitSeconds = 0) => {
    const claimId = crypto.randomUUID();
    const answer = await send("POST", "/claim", token, {
      claimId,
      offers,
      waitSeconds,
    });
    assertEquals(answer.status, 200);
    return assignmentSchema.parse(await answer.json());
  };
  return { test, send, claim };
}

async function submit(test: TestApp, wish: Record<string, unknown>) {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 75 }, ...wish }),
  });
  assertEquals(response.status, 201);
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

async function show(test: TestApp, id: string) {
  const response = await test.request(`/v1/runs/${id}`, { user });
  return runSchema.parse(await response.json());
}

Deno.test("an attempt that fails for now is followed by another, later, and its owner sees why", async () => {
  const { test, send, claim } = await start();
  await using _ = test;
  const id = await submit(test, { retryDelaysSeconds: [90] });
  const { attemptToken } = await claim();
  const log = async () =>
    await (await test.request(`/v1/runs/${id}/log`, { user })).text();
  const wrote = await send("PATCH", `/runs/${id}/log`, attemptToken, "broken", {
    "content-range": "bytes 0-5/*",
  });
  assertEquals(wrote.status, 202);
  await wrote.body?.cancel();
  const report = () =>
    send("PUT", `/runs/${id}/result`, attemptToken, {
      end: { kind: "exited", exitCode: 75 },
      logBytes: 6,
    });
  for (let time = 1; time <= 2; time++) {
    const answer = await report();
    assertEquals([answer.status, await answer.text()], [200, "{}"]);
  }
  const { state, message, notBefore } = await show(test, id);
  assertEquals([state, notBefore, await log()], [
    "scheduled",
    new Date(test.now() + 90_000).toISOString(),
    "broken",
  ]);
  assert(message?.includes("75"), `it says why: ${message}`);

  const waiting = claim(50);
  test.advance(90_000);
  const second = await waiting;
  assertEquals([second.run.id, second.run.attempt], [id, 2]);
  assertEquals(await log(), "");
  const again = await report();
  assertEquals(again.status, 200, "told late, it is still known");
  await again.body?.cancel();
  const last = await send("PUT", `/runs/${id}/result`, second.attemptToken, {
    end: { kind: "exited", exitCode: 75 },
    logBytes: 0,
  });
  await last.body?.cancel();
  assertEquals((await show(test, id)).state, "errored");
});

Deno.test("a run that waits for its time is cancelled at once", async () => {
  const { test, send, claim } = await start();
  await using _ = test;
  const id = await submit(test, { retryDelaysSeconds: [90] });
  const { attemptToken } = await claim();
  const reported = await send("PUT", `/runs/${id}/result`, attemptToken, {
    end: { kind: "exited", exitCode: 75 },
    logBytes: 0,
  });
  await reported.body?.cancel();
  const cancelled = await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user,
  });
  assertEquals(runSchema.parse(await cancelled.json()).state, "aborted");
  test.advance(200_000);
  assertEquals((await show(test, id)).state, "aborted");
});

Deno.test("a run that is followed is seen to wait for its time, and to come back", async () => {
  const { test, send, claim } = await start();
  await using _ = test;
  const id = await submit(test, { retryDelaysSeconds: [90] });
  const { attemptToken } = await claim();
  const stream = await test.request(`/v1/runs/${id}/events`, { user });
  assert(stream.body !== null);
  let told = "";
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (text: string) => {
    while (!told.includes(text)) {
      const { value, done } = await reader.read();
      assert(!done, `the stream ends without ${text}: ${told}`);
      told += value;
    }
  };
  await until('"state":"claimed"');
  const reported = await send("PUT", `/runs/${id}/result`, attemptToken, {
    end: { kind: "exited", exitCode: 75 },
    logBytes: 0,
  });
  await reported.body?.cancel();
  await until('"state":"scheduled"');
  test.advance(90_000);
  assertEquals((await show(test, id)).state, "queued");
  await until('"state":"queued"');
  const cancelled = await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user,
  });
  await cancelled.body?.cancel();
  await until('"state":"aborted"');
  while (!(await reader.read()).done);
});

Deno.test("who may see a run sees its place in its queue and its age", async () => {
  await using test = await startTestApp([dummy()]);
  await submit(test, { job: "one" });
  test.advance(2_500);
  const id = await submit(test, { job: "two" });
  const hidden = await submit(test, { job: "three", isPrivate: true });
  test.advance(61_900);
  const { queuePosition, queuedSeconds, queuedAt, createdAt } = await show(
    test,
    id,
  );
  assertEquals([queuePosition, queuedSeconds, queuedAt], [2, 61, createdAt]);
  assertEquals((await show(test, hidden)).queuePosition, 3);
  const foreign = await test.request(`/v1/runs/${hidden}`, { user: "bob" });
  assertEquals(foreign.status, 404);
  await foreign.body?.cancel();
  const cancelled = await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user,
  });
  const ended = runSchema.parse(await cancelled.json());
  assertEquals([ended.queuePosition, ended.queuedSeconds], [null, null]);
  assertEquals((await show(test, hidden)).queuePosition, 2);
});
