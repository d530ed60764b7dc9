import { assertEquals } from "@std/assert";
import { BoundedMap } from "./bounded_map.ts";

Deno.test("a full map forgets what was used longest ago", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assertEquals(map.get("a"), 1);
  map.set("c", 3);
  assertEquals([map.get("a"), map.get("b"), map.get("c")], [1, undefined, 3]);
});

Deno.test("a map never grows beyond its bound", () => {
  const map = new BoundedMap<number, number>(10);
  for (let i = 0; i < 1000; i++) map.set(i % 37, i);
  assertEquals(map.size, 10);
  assertEquals(map.get(999 % 37), 999);
});
