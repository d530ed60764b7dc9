import { assertEquals } from "@std/assert";
import { globMatcher } from "./glob.ts";

/** Cases of Go's `path.Match`, and what badges add. */
const cases: readonly (readonly [string, string, boolean])[] = [
  ["abc", "abc", true],
  ["abc", "abcd", false],
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "abc", true],
  ["*c", "abc", true],
  ["a*", "a", true],
  ["a*", "ab/c", false],
  ["a*/b", "abc/b", true],
  ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
  ["a*b*c*d*e*/f", "axbxcxdxexxx/fff", false],
  ["a*b?c*x", "abxbbxdbxebxczzx", true],
  ["a*b?c*x", "abxbbxdbxebxczzy", false],
  ["ab[c]", "abc", true],
  ["ab[b-d]", "abc", true],
  ["ab[e-g]", "abc", false],
  ["ab[^c]", "abc", false],
  ["ab[^e-g]", "abc", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "ab", false],
  ["a?b", "a☺b", true],
  ["a[^a]b", "a☺b", true],
  ["a?b", "a/b", false],
  ["[a-ζ]*", "α", true],
  ["[\\]a]", "]", true],
  ["[\\-]", "-", true],
  ["[x\\-]", "x", true],
  ["[]a]", "]", false],
  ["[-]", "-", false],
  ["[x-]", "x", false],
  ["[-x]", "x", false],
  ["[a-b-c]", "a", false],
  ["[", "a", false],
  ["[^", "a", false],
  ["[^bc", "a", false],
  ["a[", "a", false],
  ["\\", "a", false],
  ["pull-*", "pull-x-verify", true],
  ["(a+)+$", "aaaa", false],
];

for (const [pattern, name, expected] of cases) {
  Deno.test(`the pattern ${pattern} ${expected ? "fits" : "does not fit"} "${name}"`, () => {
    assertEquals(globMatcher(pattern)(name), expected);
  });
}

Deno.test("a pattern that is made to take long does not", () => {
  const pattern = `${"a*".repeat(500)}b`;
  const begun = performance.now();
  assertEquals(globMatcher(pattern)("a".repeat(2000)), false);
  const tookMs = performance.now() - begun;
  assertEquals(tookMs < 5000, true, `it took ${tookMs} ms`);
});
