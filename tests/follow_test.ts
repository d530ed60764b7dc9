import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import type { Database } from "../core/database.ts";
import { openEmbedded } from "../db/embedded.ts";
import { eventually } from "./eventually.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const passed = { state: "passed", message: "done" } as const;

/** A run of alice's, and the fence of the attempt that has it. */
async function claimed(test: TestApp) {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  const { id } = z.object({ id: z.string() }).parse(await response.json());
  const { store } = test.app;
  const runnerId = crypto.randomUUID();
  await store.runners.register({
    id: runnerId,
    name: "r",
    offers: [],
    token: runnerId,
    version: "0",
  });
  const attemptToken = crypto.randomUUID();
  const offers = [{ backend: ["dummy"] }];
  await store.attempts.claim({
    runnerId,
    claimId: crypto.randomUUID(),
    attemptToken,
    offers,
  });
  return { id, fence: { runId: id, attemptToken } };
}

/** A database in memory that counts how often a run is looked at. */
function countingDatabase(): { database: Database; count(): number } {
  const database = openEmbedded(":memory:");
  let count = 0;
  return {
    count: () => count,
    database: {
      query(statement) {
        if (statement.text.includes("where run.id = ?")) count++;
        return database.query(statement);
      },
      batch: (statements) => database.batch(statements),
      close: () => database.close(),
    },
  };
}

type Event = { id: string; event: string; data: string };

/** Reads events, into the given list, until the stream ends or there are enough. */
async function readEvents(
  response: Response,
  enough = Infinity,
  events: Event[] = [],
): Promise<Event[]> {
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  let rest = "";
  for await (
    const text of (response.body ?? new Blob().stream()).pipeThrough(
      new TextDecoderStream(),
    )
  ) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) =>
        new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
      events.push({
        id: field("id"),
        event: field("event"),
        data: field("data"),
      });
      if (events.length >= enough) return events;
    }
  }
  return events;
}

function texts(events: readonly Event[]): string {
  return events.filter(({ event }) => event === "log").map(({ data }) =>
    JSON.parse(data)
  ).join("");
}

function states(events: readonly Event[]): string[] {
  return events.filter(({ event }) => event === "state").map(({ data }) =>
    JSON.parse(data).state
  );
}

Deno.test("?wait answers as soon as the state has changed", async () => {
  const looks = countingDatabase();
  await using test = await startTestApp([dummy()], {
    now: Date.now,
    database: looks.database,
  });
  const { id, fence } = await claimed(test);
  const begun = performance.now();
  const before = looks.count();
  const waiting = test.request(`/v1/runs/${id}?wait=30`, { user: "alice" });
  // Once for the request, and once more as it begins to wait.
  await eventually(() => looks.count() >= before + 2, "it waits");
  await test.app.store.attempts.start(fence);
  const { state } = await (await waiting).json();
  assertEquals(state, "running");
  assert(performance.now() - begun < 10_000);
});

Deno.test("?wait answers at once for an ended run, and refuses what is no time", async () => {
  await using test = await startTestApp([dummy()]);
  const { id, fence } = await claimed(test);
  await test.app.store.attempts.finish(
    fence,
    { kind: "exited", exitCode: 0 },
    passed,
  );
  assertEquals(
    (await (await test.request(`/v1/runs/${id}?wait=60`, { user: "alice" }))
      .json()).state,
    "passed",
  );
  for (const wait of ["-1", "61", "soon"]) {
    const response = await test.request(`/v1/runs/${id}?wait=${wait}`, {
      user: "alice",
    });
    await response.body?.cancel();
    assertEquals(response.status, 400, wait);
  }
});

Deno.test("the event stream tells every state and the whole log, and ends with the run", async () => {
  await using test = await startTestApp([dummy()], { now: Date.now });
  const { id, fence } = await claimed(test);
  const { attempts, logs } = test.app.store;
  const told: Event[] = [];
  const reading = readEvents(
    await test.request(`/v1/runs/${id}/events`, { user: "alice" }),
    Infinity,
    told,
  );
  const untilTold = (state: string) =>
    eventually(() => states(told).includes(state), `${state} is not told`);
  await untilTold("claimed");
  await attempts.start(fence);
  await untilTold("running");
  const text = "first line\nschön 🚢\n";
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.byteLength; at += 7) {
    await logs.append(fence, at, bytes.slice(at, at + 7));
  }
  await attempts.finish(fence, { kind: "exited", exitCode: 0 }, passed);
  const events = await reading;
  assertEquals(texts(events), text);
  assertEquals(states(events), ["claimed", "running", "passed"]);
  assertEquals(events.at(-1)?.event, "state", "the end comes after the log");
});

Deno.test("a stream that broke off goes on where it was, without gap or repetition", async () => {
  await using test = await startTestApp([dummy()], { now: Date.now });
  const { id, fence } = await claimed(test);
  const { attempts, logs } = test.app.store;
  await attempts.start(fence);
  await logs.append(fence, 0, new TextEncoder().encode("one "));
  const first = await readEvents(
    await test.request(`/v1/runs/${id}/events`, { user: "alice" }),
    2,
  );
  assertEquals([texts(first), states(first)], ["one ", ["running"]]);
  await logs.append(fence, 4, new TextEncoder().encode("two"));
  await attempts.finish(fence, { kind: "exited", exitCode: 0 }, passed);
  const headers = { "last-event-id": first.at(-1)?.id ?? "" };
  const rest = await readEvents(
    await test.request(`/v1/runs/${id}/events`, { user: "alice", headers }),
  );
  assertEquals([texts(rest), states(rest)], ["two", ["passed"]]);
});

Deno.test("a character that is cut in two between chunks of the log is told whole", async () => {
  const looks = countingDatabase();
  await using test = await startTestApp([dummy()], {
    now: Date.now,
    database: looks.database,
  });
  const { id, fence } = await claimed(test);
  const reading = readEvents(
    await test.request(`/v1/runs/${id}/events`, { user: "alice" }),
  );
  const whole = "a\u00e9b\u20acc\u{1f6a2}d";
  const bytes = new TextEncoder().encode(whole);
  for (let at = 0; at < bytes.byteLength; at++) {
    const before = looks.count();
    const response = await test.request(`/runner/v1/runs/${id}/log`, {
      method: "PATCH",
      headers: {
        authorization: `Bearer ${fence.attemptToken}`,
        "content-range": `bytes ${at}-${at}/*`,
      },
      body: bytes.slice(at, at + 1),
    });
    assertEquals(response.status, 202);
    await response.body?.cancel();
    // The route looks, and then the follower, which so sees each byte as the last one.
    await eventually(() => looks.count() >= before + 2, "it does not look");
  }
  await test.app.store.attempts.finish(
    fence,
    { kind: "exited", exitCode: 0 },
    passed,
  );
  assertEquals(texts(await reading), whole);
});

Deno.test("a log that ends in the middle of a character is told to its end", async () => {
  await using test = await startTestApp([dummy()], { now: Date.now });
  const { id, fence } = await claimed(test);
  const { attempts, logs } = test.app.store;
  await logs.append(fence, 0, new Uint8Array([0x61, 0xe2, 0x82]));
  await attempts.finish(fence, { kind: "exited", exitCode: 0 }, passed);
  const events = await readEvents(
    await test.request(`/v1/runs/${id}/events`, { user: "alice" }),
  );
  assertEquals([texts(events), states(events)], ["a\ufffd", ["passed"]]);
});

Deno.test("a follower that disconnects in the silence of a run is followed no longer", async () => {
  const looks = countingDatabase();
  await using test = await startTestApp([dummy()], {
    now: Date.now,
    database: looks.database,
  });
  const { id } = await claimed(test);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => test.app.fetch(request),
  );
  const response = await fetch(
    `http://127.0.0.1:${server.addr.port}/v1/runs/${id}/events`,
    { headers: await test.signIn("alice") },
  );
  const reader = response.body?.getReader();
  await reader?.read();
  const before = looks.count();
  await eventually(() => looks.count() > before, "it looks again");
  await reader?.cancel();
  let seen = -1;
  await eventually(async () => {
    const last = seen;
    seen = looks.count();
    // Longer than a follower waits between two looks.
    await new Promise((resolve) => setTimeout(resolve, 700));
    return seen === last;
  }, "it goes on looking");
});

Deno.test("HEAD on the events of a run answers with the headers and no body", async () => {
  await using test = await startTestApp([dummy()]);
  const { id } = await claimed(test);
  const response = await test.request(`/v1/runs/${id}/events`, {
    user: "alice",
    method: "HEAD",
  });
  assertEquals(
    [response.status, response.headers.get("content-type"), response.body],
    [200, "text/event-stream", null],
  );
});

Deno.test("somebody else's private run cannot be followed", async () => {
  await using test = await startTestApp([dummy()]);
  const made = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 }, isPrivate: true }),
  });
  const { id } = await made.json();
  const response = await test.request(`/v1/runs/${id}/events`, { user: "bob" });
  await response.body?.cancel();
  assertEquals(response.status, 404);
});
