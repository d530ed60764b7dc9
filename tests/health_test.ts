import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Database, sql } from "../core/database.ts";
import { openEmbedded } from "../db/embedded.ts";
import { openRemote } from "../db/remote.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { startSqld } from "./sqld.ts";

async function status(test: TestApp, path = "/readyz"): Promise<number> {
  const response = await test.request(path);
  await response.body?.cancel();
  return response.status;
}

/** A database whose writes are counted, and held up when told to. */
function watched(): {
  database: Database;
  line: { writes: number; hangs: boolean };
} {
  const sqlite = openEmbedded(":memory:");
  const line = { writes: 0, hangs: false };
  return {
    line,
    database: {
      query: (statement) => sqlite.query(statement),
      batch(statements) {
        line.writes++;
        return line.hangs ? new Promise(() => {}) : sqlite.batch(statements);
      },
      close: () => sqlite.close(),
    },
  };
}

Deno.test("a store that can grow no more is not ready, and the process still lives", async () => {
  await using test = await startTestApp([]);
  await test.database.batch([sql`pragma max_page_count = 1`]);
  const response = await test.request("/readyz");
  assertEquals(response.status, 503);
  assertStringIncludes(await response.text(), "cannot be written to");
  assertEquals(await status(test, "/livez"), 200);
});

Deno.test("a store whose disk runs full is not ready any more", async () => {
  await using sqld = await startSqld({ diskMegabytes: 8 });
  const database = openRemote({ url: sqld.url });
  await using test = await startTestApp([], { database });
  assertEquals(await status(test), 200);
  await database.batch([sql`create table filler (bytes blob) strict`]);
  // Down to the last kilobyte.
  for (const size of [1_000_000, 100_000, 10_000, 1_000]) {
    const insert = () =>
      database.batch([sql`insert into filler values (zeroblob(${size}))`]);
    while (await insert().then(() => true, () => false));
  }
  test.advance(1_000);
  assertEquals(await status(test), 503);
});

Deno.test("however often it is asked, readiness writes once a second", async () => {
  const { database, line } = watched();
  await using test = await startTestApp([], { database });
  const before = line.writes;
  const all = await Promise.all(
    Array.from({ length: 50 }, () => status(test)),
  );
  assertEquals(new Set(all), new Set([200]));
  assertEquals(line.writes, before + 1);
  test.advance(999);
  await status(test);
  assertEquals(line.writes, before + 1);
  test.advance(1);
  await status(test);
  assertEquals(line.writes, before + 2);
});

Deno.test("a store that hangs is not ready, and is again when it goes on", async () => {
  const { database, line } = watched();
  await using test = await startTestApp([], { database });
  line.hangs = true;
  assertEquals(await status(test), 503);
  line.hangs = false;
  test.advance(1_000);
  assertEquals(await status(test), 200);
});
