import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { Database } from "../core/database.ts";
import { openEmbedded } from "../db/embedded.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const leaseMs = 60_000;

/** Submits a run and starts it as a runner that will not be heard of again. */
async function started(test: TestApp) {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  const { id } = z.object({ id: z.string() }).parse(await response.json());
  const { runners, attempts } = test.app.store;
  const runnerId = crypto.randomUUID();
  await runners.register({
    id: runnerId,
    name: "r",
    offers: [],
    token: runnerId,
    version: "0",
  });
  const fence = { runId: id, attemptToken: crypto.randomUUID() };
  await attempts.claim({
    runnerId,
    claimId: crypto.randomUUID(),
    attemptToken: fence.attemptToken,
    offers: [{ backend: ["dummy"] }],
  });
  await attempts.start(fence);
  return { id, fence };
}

/** The state of a run as the dialect tells it, asked twice: what a request finds out may be told to the next one. */
async function told(test: TestApp, id: string): Promise<unknown> {
  const ask = () => test.request(`/dummy/v1/runs/${id}`, { user: "alice" });
  await (await ask()).body?.cancel();
  return (await (await ask()).json()).state;
}

/** A database that several servers have, one after the other. */
function sharedDatabase(): Disposable & { readonly database: Database } {
  const database = openEmbedded(":memory:");
  return {
    database: {
      query: (statement) => database.query(statement),
      batch: (statements) => database.batch(statements),
      close: () => {},
    },
    [Symbol.dispose]: () => database.close(),
  };
}

Deno.test("a lost runner's run is queued again although nobody but a dialect's client asks", async () => {
  await using test = await startTestApp([dummy()]);
  const { id } = await started(test);
  test.advance(leaseMs + 1);
  assertEquals(await told(test, id), "queued");
});

Deno.test("who waits for a change hears that the runner was lost", async () => {
  await using test = await startTestApp([dummy()], {
    now: Date.now,
    intervals: { leaseSeconds: 0.5 },
  });
  const { id } = await started(test);
  const path = `/v1/runs/${id}`;
  const waiting = test.request(`${path}?wait=30`, { user: "alice" });
  assertEquals((await (await waiting).json()).state, "queued");
});

Deno.test("who follows the events hears that the runner was lost", async () => {
  await using test = await startTestApp([dummy()], {
    now: Date.now,
    intervals: { leaseSeconds: 0.5 },
  });
  const { id } = await started(test);
  const response = await test.request(`/v1/runs/${id}/events`, {
    user: "alice",
  });
  // Ends the stream when it does not come.
  const patience = setTimeout(() => test.app.close(), 10_000);
  let text = "";
  for await (
    const chunk of (response.body ?? new Blob().stream()).pipeThrough(
      new TextDecoderStream(),
    )
  ) {
    text += chunk;
    if (text.includes('"state":"queued"')) break;
  }
  clearTimeout(patience);
  assertEquals(
    [...text.matchAll(/"state":"(\w+)"/g)].map(([, state]) => state),
    ["running", "queued"],
  );
});

Deno.test("after an outage a runner has one more lease to be heard of", async () => {
  using shared = sharedDatabase();
  const clock = { now: Date.UTC(2026, 0, 2) };
  const parts = { database: shared.database, now: () => clock.now };
  await using before = await startTestApp([dummy()], parts);
  const { id, fence } = await started(before);
  clock.now += 100 * leaseMs;
  await using after = await startTestApp([dummy()], parts);
  assertEquals(await told(after, id), "running");
  clock.now += leaseMs - 1;
  assertEquals(await told(after, id), "running");
  await after.app.store.attempts.heartbeat(fence);
  clock.now += leaseMs;
  assertEquals(await told(after, id), "running");
  clock.now += 1_000;
  assertEquals(await told(after, id), "queued");
});

Deno.test("servers that live shorter than a lease take a lost runner's run back too", async () => {
  using shared = sharedDatabase();
  const clock = { now: Date.UTC(2026, 0, 2) };
  const parts = { database: shared.database, now: () => clock.now };
  await using first = await startTestApp([dummy()], parts);
  const { id } = await started(first);
  const states: unknown[] = [];
  for (let server = 0; server < 5; server++) {
    clock.now += leaseMs / 2;
    await using young = await startTestApp([dummy()], parts);
    states.push(await told(young, id));
  }
  assertEquals(states, ["running", "running", "running", "running", "running"]);
  clock.now += leaseMs / 2;
  await using last = await startTestApp([dummy()], parts);
  assertEquals(await told(last, id), "queued");
});

Deno.test("what cannot be taken back now keeps no request from being answered", async () => {
  using shared = sharedDatabase();
  let isFull = false;
  const database: Database = {
    ...shared.database,
    batch: (statements) =>
      isFull
        ? Promise.reject(new Error("disk full"))
        : shared.database.batch(statements),
  };
  await using test = await startTestApp([dummy()], { database });
  const { id } = await started(test);
  const headers = await test.signIn("alice");
  test.advance(leaseMs + 1);
  isFull = true;
  const ask = () => test.request(`/dummy/v1/runs/${id}`, { headers });
  assertEquals((await (await ask()).json()).state, "running");
  isFull = false;
  test.advance(1_000);
  assertEquals(await told(test, id), "queued");
});
