import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Database } from "../core/database.ts";
import { openEmbedded } from "../db/embedded.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { readPage, startPages } from "./pages.ts";

/** A stream of events that is read piece by piece. */
type Followed = AsyncDisposable & {
  readonly status: number;
  /** The ids of the events, up to and with the next one; null at the end of the stream. */
  next(): Promise<string | null>;
};

async function follow(
  app: TestApp,
  path: string,
  user?: string,
  headers: Record<string, string> = {},
): Promise<Followed> {
  const response = await app.request(path, {
    headers: { accept: "text/event-stream", ...headers },
    ...user !== undefined && { user },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  return {
    status: response.status,
    async next() {
      for (;;) {
        const event = /^id: (.*)\nevent: changed\ndata: \n\n/m.exec(text);
        if (event !== null) {
          text = text.slice(event.index + event[0].length);
          return event[1] ?? "";
        }
        const { value } = await reader?.read() ?? {};
        if (value === undefined) return null;
        text += value;
      }
    },
    [Symbol.asyncDispose]: async () => await reader?.cancel(),
  };
}

/** Where a page says that it hears of changes. */
async function changesPathOf(
  rig: { app: TestApp },
  path: string,
  user: string,
): Promise<string> {
  const { document } = await readPage(rig, path, user);
  return document.querySelector("[data-changes]")
    ?.getAttribute("data-changes") ?? "";
}

Deno.test("an open overview hears of a new run, also of one that came before it listened, and of no more than that", async () => {
  await using rig = await startPages();
  const path = await changesPathOf(rig, "/", "bob");
  assertMatch(path, /^\/events\?since=\d+$/);
  rig.app.advance(1_000);
  await rig.ask({ package: "early" });
  const early = String(rig.app.now());
  await using stream = await follow(rig.app, path, "bob");
  assertEquals(await stream.next(), early);
  rig.app.advance(1_000);
  await rig.end();
  const late = String(rig.app.now());
  assertEquals(await stream.next(), late);
  // Who lost the connection goes on where it was, and hears of nothing twice.
  await using again = await follow(rig.app, path, "bob", {
    "last-event-id": late,
  });
  rig.app.advance(1_000);
  await rig.ask({ package: "last" });
  assertEquals(await again.next(), String(rig.app.now()));
});

Deno.test("a page is told now and then that time has passed, and the streams end with the server", async () => {
  await using rig = await startPages();
  await using stream = await follow(rig.app, "/events", "bob");
  const next = stream.next();
  // Its first look at the store comes before this time is over.
  const moved = setInterval(() => rig.app.advance(31_000), 200);
  assertEquals(await next, "0");
  clearInterval(moved);
  const last = stream.next();
  rig.app.app.close();
  assertEquals(await last, null);
  await using late = await follow(rig.app, "/events", "bob");
  assertEquals(await late.next(), null);
});

Deno.test("a run's page hears of its changes until it is over", async () => {
  await using rig = await startPages();
  const number = await rig.ask({ package: "followed" });
  const path = await changesPathOf(rig, `/runs/${number}`, "bob");
  assertEquals(path, `/runs/${number}/events?since=0.queued`);
  await using stream = await follow(rig.app, path, "bob");
  const next = stream.next();
  await rig.end();
  for (let id = await next; id !== "1.passed"; id = await stream.next()) {
    assertMatch(id ?? "", /^1\.(claimed|running)$/);
  }
  assertEquals(await stream.next(), null);
  await using over = await follow(rig.app, path, "bob");
  assertEquals([await over.next(), await over.next()], ["1.passed", null]);
  assertEquals(await changesPathOf(rig, `/runs/${number}`, "bob"), "");
});

Deno.test("changes are told to those who may read the pages", async () => {
  await using closed = await startPages({ publicData: false });
  await using open = await startPages();
  for (const [rig, status] of [[closed, 401], [open, 200]] as const) {
    await using stream = await follow(rig.app, "/events");
    assertEquals(stream.status, status);
  }
  const secret = await open.ask({ package: "secret", isPrivate: true });
  for (
    const [user, status] of [[undefined, 401], ["bob", 404], [
      "alice",
      200,
    ]] as const
  ) {
    await using stream = await follow(
      open.app,
      `/runs/${secret}/events`,
      user,
    );
    assertEquals(stream.status, status, user);
  }
});

Deno.test("however many watch, the store is asked once a second, and not once they have left", async () => {
  let looks = 0;
  const embedded = openEmbedded(":memory:");
  const database: Database = {
    batch: (statements) => embedded.batch(statements),
    close: () => embedded.close(),
    query: (statement) => {
      if (/select max\(updated_at\).* from run$/.test(statement.text)) looks++;
      return embedded.query(statement);
    },
  };
  await using app = await startTestApp([dummy()], { database });
  const streams = await Promise.all(
    Array.from({ length: 50 }, () => follow(app, "/events?since=1", "bob")),
  );
  const begun = performance.now();
  const told = await Promise.all(streams.map((stream) => stream.next()));
  const seconds = Math.ceil((performance.now() - begun) / 1000);
  assertEquals(told, streams.map(() => "0"));
  assert(looks <= seconds, `${looks} looks in ${seconds} s`);
  const pending = streams.map((stream) => stream.next());
  for (const stream of streams) await stream[Symbol.asyncDispose]();
  await Promise.allSettled(pending);
  const before = looks;
  await using other = await follow(app, "/events?since=1", "bob");
  assertEquals(await other.next(), "0");
  assert(looks - before <= 2, `${looks - before} more looks`);
});
