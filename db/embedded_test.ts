import { assertEquals, assertRejects } from "@std/assert";
import { sql } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { openEmbedded, openSqlite } from "./embedded.ts";

async function inFolder(
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "slipway-embedded-" });
  await use(directory);
  await Deno.remove(directory, { recursive: true });
}

Deno.test("a write waits for another process's lock without blocking the event loop", () =>
  inFolder(async (directory) => {
    const database = openEmbedded(`${directory}/x.db`);
    await database.batch([sql`create table t (x integer) strict`]);
    const other = openSqlite(`${directory}/x.db`);
    other.exec("begin immediate");
    let ticks = 0;
    const ticker = setInterval(() => ticks++, 5);
    const release = setTimeout(() => other.exec("rollback"), 200);
    await database.batch([sql`insert into t values (1)`]);
    clearInterval(ticker);
    clearTimeout(release);
    assertEquals(
      ticks > 10,
      true,
      `the event loop ticked ${ticks} times while the write waited`,
    );
    assertEquals((await database.query(sql`select x from t`)).length, 1);
    other.close();
    database.close();
  }));

// The libSQL client loses what it confirms after one SQLITE_BUSY (libsql-client-ts#352); this driver must not.
Deno.test("what is confirmed after a busy database survives the process being killed", () =>
  inFolder(async (directory) => {
    const script = `
      import { openEmbedded, openSqlite } from ${
      JSON.stringify(new URL("./embedded.ts", import.meta.url).href)
    };
      const [path] = Deno.args;
      const write = (x) => database.batch([{ text: "insert into t values (?)", values: [x] }]);
      const database = openEmbedded(path);
      await database.batch([{ text: "create table t (x integer) strict", values: [] }]);
      const other = openSqlite(path);
      other.exec("begin immediate");
      setTimeout(() => other.exec("rollback"), 100);
      await write(100);
      for (let x = 0; x < 20; x++) await write(x);
      Deno.kill(Deno.pid, "SIGKILL");
    `;
    await Deno.writeTextFile(`${directory}/script.ts`, script);
    const config = new URL("../deno.json", import.meta.url).pathname;
    const { signal } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--config",
        config,
        `${directory}/script.ts`,
        `${directory}/x.db`,
      ],
    }).output();
    assertEquals(signal, "SIGKILL");
    const database = openEmbedded(`${directory}/x.db`);
    const [row] = await database.query(sql`select count(*) as n from t`);
    assertEquals(row?.n, 21);
    database.close();
  }));

Deno.test("a database that cannot be written to is unavailable, and reads still work", () =>
  inFolder(async (directory) => {
    const writer = openEmbedded(`${directory}/x.db`);
    await writer.batch([
      sql`create table t (x integer) strict`,
      sql`insert into t values (1)`,
    ]);
    await writer.batch([sql`pragma max_page_count = 1`]);
    const blob = new Uint8Array(1_000_000);
    const error = await assertRejects(
      () =>
        writer.batch([sql`insert into t select length(${blob})
      from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) select i from n)`]),
      ApiError,
    );
    assertEquals(error.code, "unavailable");
    assertEquals((await writer.query(sql`select x from t`)).length, 1);
    writer.close();
  }));

Deno.test("a statement that was prepared before a column came still names all values", async () => {
  const database = openEmbedded(":memory:");
  try {
    await database.batch([sql`create table a (one integer)`]);
    await database.batch([sql`insert into a (one) values (1)`]);
    const all = sql`select a.*, 'last' as last from a`;
    assertEquals(await database.query(all), [{ one: 1, last: "last" }]);
    await database.batch([sql`alter table a add column two integer`]);
    assertEquals(await database.query(all), [
      { one: 1, two: null, last: "last" },
    ]);
  } finally {
    database.close();
  }
});

Deno.test("a column that another process adds shifts no other's name", async () => {
  const directory = await Deno.makeTempDir({ prefix: "slipway-db-" });
  const database = openEmbedded(`${directory}/slipway.db`);
  const other = openEmbedded(`${directory}/slipway.db`);
  try {
    const read = sql`select t.*, 'last' as label from t`;
    await database.batch([
      sql`create table t (a text)`,
      sql`insert into t values ('first')`,
    ]);
    await database.query(read);
    await other.batch([sql`alter table t add column b text`]);
    assertEquals(await database.query(read), [
      { a: "first", b: null, label: "last" },
    ]);
    assertEquals(await database.query(read), [
      { a: "first", b: null, label: "last" },
    ]);
  } finally {
    other.close();
    database.close();
    await Deno.remove(directory, { recursive: true });
  }
});
