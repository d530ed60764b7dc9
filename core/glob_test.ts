import { assertEquals } from "@std/assert";
import { matchesGlob } from "./glob.ts";

Deno.test("matchesGlob() takes the whole text", () => {
  const matching: readonly (readonly [string, string])[] = [
    ["periodic-*", "periodic-a"],
    ["periodic-*", "periodic-"],
    ["*", ""],
    ["*-e2e", "a-e2e-e2e"],
    ["a?c", "abc"],
    ["a*b*c", "a1b2b3c"],
    ["lib[a].+", "lib[a].+"],
  ];
  const others: readonly (readonly [string, string])[] = [
    ["periodic-*", "my-periodic-a"],
    ["a", "ab"],
    ["a?c", "ac"],
    ["*-e2e", "a-e2e-x"],
    ["", "a"],
    ["a.c", "abc"],
    ["A*", "a"],
  ];
  for (const [glob, text] of matching) {
    assertEquals([glob, text, matchesGlob(glob, text)], [glob, text, true]);
  }
  for (const [glob, text] of others) {
    assertEquals([glob, text, matchesGlob(glob, text)], [glob, text, false]);
  }
});

Deno.test("matchesGlob() is not slowed down by many stars", () => {
  const glob = "*a".repeat(500) + "b";
  assertEquals(matchesGlob(glob, "a".repeat(2_000)), false);
});
