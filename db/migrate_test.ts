import { assertEquals, assertRejects } from "@std/assert";
import { sql } from "../core/database.ts";
import { openEmbedded } from "./embedded.ts";
import { migrate, schemaState, splitStatements } from "./migrate.ts";

const first = {
  name: "0001_a",
  sql: "create table a (x integer) strict;\ncreate table b (x text) strict;\n",
};
const second = { name: "0002_c", sql: "alter table a add column y integer;\n" };
const now = () => 5;

Deno.test("migrate() applies what is pending, once", async () => {
  const database = openEmbedded(":memory:");
  assertEquals(
    await schemaState(database, [{ owner: "core", migrations: [first] }]),
    {
      kind: "older",
      pending: ["core/0001_a"],
    },
  );
  assertEquals(
    await migrate(database, [{ owner: "core", migrations: [first] }], now),
    ["core/0001_a"],
  );
  assertEquals(
    await migrate(
      database,
      [{ owner: "core", migrations: [first, second] }],
      now,
    ),
    ["core/0002_c"],
  );
  assertEquals(
    await migrate(
      database,
      [{ owner: "core", migrations: [first, second] }],
      now,
    ),
    [],
  );
  database.close();
});

Deno.test("migrate() run by several at once applies each step once", async () => {
  const directory = await Deno.makeTempDir({ prefix: "slipway-migrate-" });
  const databases = [1, 2, 3].map(() => openEmbedded(`${directory}/x.db`));
  const applied = await Promise.all(
    databases.map((database) =>
      migrate(database, [{ owner: "core", migrations: [first, second] }], now)
    ),
  );
  assertEquals(applied.flat().toSorted(), ["core/0001_a", "core/0002_c"]);
  databases.forEach((database) => database.close());
  await Deno.remove(directory, { recursive: true });
});

Deno.test("migrate() refuses a database of a newer version", async () => {
  const database = openEmbedded(":memory:");
  await migrate(
    database,
    [{ owner: "core", migrations: [first, second] }],
    now,
  );
  await assertRejects(
    () => migrate(database, [{ owner: "core", migrations: [first] }], now),
    Error,
    "newer Slipway (core/0002_c",
  );
  database.close();
});

Deno.test("migrate() refuses a migration that was changed after it had been applied", async () => {
  const database = openEmbedded(":memory:");
  await migrate(database, [{ owner: "core", migrations: [first] }], now);
  const changed = { ...first, sql: first.sql + "-- more\n" };
  await assertRejects(
    () => migrate(database, [{ owner: "core", migrations: [changed] }], now),
    Error,
    "was changed",
  );
  database.close();
});

Deno.test("migrate() leaves nothing of a step that fails", async () => {
  const database = openEmbedded(":memory:");
  const broken = {
    name: "0001_a",
    sql:
      "create table a (x integer) strict;\ncreate table a (x integer) strict;\n",
  };
  await assertRejects(() =>
    migrate(database, [{ owner: "core", migrations: [broken] }], now)
  );
  assertEquals(
    await database.query(sql`select name from sqlite_master where name = 'a'`),
    [],
  );
  assertEquals(
    await migrate(database, [{ owner: "core", migrations: [first] }], now),
    ["core/0001_a"],
  );
  database.close();
});

Deno.test("a plugin that is no longer loaded is no sign of a newer version", async () => {
  const database = openEmbedded(":memory:");
  await migrate(database, [{ owner: "core", migrations: [first] }, {
    owner: "gone",
    migrations: [second],
  }], now);
  assertEquals(
    await schemaState(database, [{ owner: "core", migrations: [first] }]),
    { kind: "current" },
  );
  database.close();
});

Deno.test("splitStatements() splits at semicolons that end a line", () => {
  const texts = splitStatements("select ';';\nselect 2; \n\nselect 3").map((
    { text },
  ) => text);
  assertEquals(texts, ["select ';'", "select 2", "select 3"]);
});

Deno.test("splitStatements() keeps a trigger in one piece", () => {
  const trigger = `-- why
create trigger t after insert on a
begin
  insert into b (x) values (new.x);
  update b set y = case when x then 1 else 2 end where z;
end`;
  const texts = splitStatements(`select 1;\n${trigger};\nselect 2;\n`).map((
    { text },
  ) => text);
  assertEquals(texts, ["select 1", trigger, "select 2"]);
});
