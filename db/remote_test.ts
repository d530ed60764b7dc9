import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { sql } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { startSqld } from "../tests/sqld.ts";
import { openRemote } from "./remote.ts";

/** A network that counts what goes out, and loses answers when told to. */
function network() {
  const line = { isLossy: false, requests: 0 };
  const lent: typeof fetch = async (input, init) => {
    line.requests++;
    const response = await fetch(input, init);
    if (!line.isLossy) return response;
    await response.bytes();
    throw new TypeError("connection reset");
  };
  return { line, fetch: lent };
}

async function refusal(work: Promise<unknown>): Promise<ApiError> {
  const error = await assertRejects(() => work, ApiError);
  assertEquals(error.code, "unavailable");
  return error;
}

Deno.test("a write whose answer is lost is reported as such, and never sent again", async () => {
  await using sqld = await startSqld();
  const { line, fetch } = network();
  const database = openRemote({ url: sqld.url, fetch });
  await database.batch([sql`create table thing (x integer) strict`]);
  line.isLossy = true;
  line.requests = 0;
  // They go out together.
  const errors = await Promise.all(
    [1, 2, 3].map((x) =>
      refusal(database.batch([sql`insert into thing values (${x})`]))
    ),
  );
  for (const { message } of errors) {
    assertMatch(message, /^Cannot tell whether/);
  }
  assertEquals(line.requests, 1);
  const reading = await refusal(database.query(sql`select 1`));
  assertMatch(reading.message, /^Cannot reach the store/);
  line.isLossy = false;
  const rows = await database.query(sql`select x from thing order by x`);
  assertEquals(rows.map(({ x }) => x), [1, 2, 3]);
  database.close();
});

Deno.test("a server that is not there is unavailable", async () => {
  const database = openRemote({ url: "http://127.0.0.1:1" });
  await refusal(database.batch([sql`select 1`]));
  await refusal(database.query(sql`select 1`));
  database.close();
});

Deno.test("a server whose disk is full is unavailable, and is not asked again for each part", async () => {
  await using sqld = await startSqld({ diskMegabytes: 8 });
  const { line, fetch } = network();
  const database = openRemote({ url: sqld.url, fetch });
  await database.batch([sql`create table thing (bytes blob) strict`]);
  const insert = (size: number) =>
    database.batch([sql`insert into thing values (zeroblob(${size}))`]);
  const fill = async () => {
    for (;;) await insert(1_000_000);
  };
  assertMatch((await refusal(fill())).message, /^Cannot reach the store/);
  line.requests = 0;
  await Promise.all([1, 2, 3, 4].map(() => refusal(insert(1_000_000))));
  assertEquals(line.requests, 1);
  const [row] = await database.query(sql`select count(*) > 0 as n from thing`);
  assertEquals(row?.n, 1, "reads still work");
  database.close();
});
