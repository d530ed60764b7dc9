import { assertEquals, assertThrows } from "@std/assert";
import { goRegExp } from "./go_regexp.ts";

const patterns: readonly (readonly [string, string, boolean])[] = [
  ["release", "my-release-1", true],
  ["^main$", "main2", false],
  ["(?i)^MAIN$", "main", true],
  ["main\\z", "main\n", false],
  ["^(?P<name>dev)$", "dev", true],
  ["^[[:alpha:]]+$", "dev", true],
  ["^(?:a|b)-\\d+$", "b-12", true],
];

for (const [pattern, text, expected] of patterns) {
  Deno.test(`goRegExp() reads ${pattern} as Go does`, () => {
    assertEquals(goRegExp(pattern).test(text), expected);
  });
}

Deno.test("goRegExp() refuses what Go does not know", () => {
  for (const pattern of ["(?=a)", "(a)\\1", "(", "a{1001}"]) {
    assertThrows(() => goRegExp(pattern), Error, "error parsing regexp");
  }
});

Deno.test("a pattern that was made to hang takes no longer than any other", () => {
  // A backtracking engine would take 2 ** 5000 steps.
  assertEquals(goRegExp("^(a+)+$").test(`${"a".repeat(5000)}b`), false);
});
