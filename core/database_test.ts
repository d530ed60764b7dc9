import { assertEquals } from "@std/assert";
import { nothing, sql } from "./database.ts";

Deno.test("sql binds every hole, whatever it holds", () => {
  const statement =
    sql`select * from t where a = ${"'; drop table t"} and b = ${true}`;
  assertEquals(statement.text, "select * from t where a = ? and b = ?");
  assertEquals(statement.values, ["'; drop table t", 1]);
});

Deno.test("sql puts a statement in place, with its values in order", () => {
  const condition = sql`b = ${2}`;
  assertEquals(sql`a = ${1} and ${condition}${nothing} and c = ${3}`, {
    text: "a = ? and b = ? and c = ?",
    values: [1, 2, 3],
  });
});
