import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { schemaGate } from "./schema_gate.ts";

const first = { name: "0001_a", sql: "create table a (x integer) strict;\n" };
const second = { name: "0002_b", sql: "create table b (x integer) strict;\n" };
const sources = [{ owner: "core", migrations: [first, second] }];
const now = () => 5;

Deno.test("nothing gets through to an older schema, and all does as soon as it was migrated", async () => {
  const database = openEmbedded(":memory:");
  const gate = schemaGate(database, sources);
  const refused = async () => {
    const error = await assertRejects(gate, ApiError);
    assertEquals([error.code, error.options.headers?.["retry-after"]], [
      "unavailable",
      "10",
    ]);
    return error.message;
  };
  assertMatch(await refused(), /older schema; run `deno task migrate`/);
  await migrate(database, [{ owner: "core", migrations: [first] }], now);
  assertMatch(await refused(), /older schema/);
  await migrate(database, sources, now);
  await gate();
  database.close();
});

Deno.test("a newer schema lets nothing through, and says so", async () => {
  const database = openEmbedded(":memory:");
  await migrate(database, sources, now);
  const older = [{ owner: "core", migrations: [first] }];
  await assertRejects(schemaGate(database, older), ApiError, "newer Slipway");
  database.close();
});
