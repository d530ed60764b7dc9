import { assertEquals } from "@std/assert";
import { globFault, readGlob } from "./glob.ts";

const matches = [
  ["foo", "foo", true],
  ["foo", "foo2", false],
  ["*", "anything", true],
  ["foo*", "foo", true],
  ["*foo", "libfoo", true],
  ["*foo", "libfoo2", false],
  ["a*b*c", "aXbXbXc", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "abba", true],
  ["ab*ba", "aba", false],
  ["*[ab]", "xb", true],
  ["*a?", "xay", true],
  ["lib?", "liba", true],
  ["lib?", "lib", false],
  ["g[+]*", "g++", true],
  ["[a-c]x", "bx", true],
  ["[!a-c]x", "bx", false],
  ["[^a-c]x", "dx", true],
  ["foo.bar", "fooxbar", false],
] as const;

for (const [pattern, name, isMatch] of matches) {
  Deno.test(`"${pattern}" ${isMatch ? "matches" : "does not match"} "${name}"`, () => {
    assertEquals(readGlob(pattern).matches(name), isMatch);
  });
}

for (
  const pattern of ["", "Foo", "foo bar", "foo[", "foo[]", "foo$", "[a", "ü"]
) {
  Deno.test(`"${pattern}" is no pattern`, () => {
    assertEquals(typeof globFault(pattern), "string");
  });
}

Deno.test("a pattern of many stars is matched without going back and forth", () => {
  const { matches } = readGlob("*a".repeat(60) + "c*b");
  const startedAt = performance.now();
  for (let i = 0; i < 100; i++) {
    assertEquals(matches("a".repeat(127) + "b"), false);
  }
  const tookMs = performance.now() - startedAt;
  assertEquals(tookMs < 1000, true, `${tookMs} ms`);
});
