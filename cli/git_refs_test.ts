import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./failure.ts";
import { readRefs } from "./git_refs.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

Deno.test("refs are read with branches that have slashes and organisations that are URLs", () => {
  assertEquals(readRefs("o/r@release/1.0:abc"), {
    org: "o",
    repo: "r",
    base_ref: "release/1.0",
    base_sha: "abc",
  });
  assertEquals(
    readRefs("https://host/some/org/r@main:abc").org,
    "https://host/some/org",
  );
});

Deno.test("pulls follow the base", () => {
  assertEquals(readRefs(`o/r@main:abc,7:${sha},8:${sha}`).pulls, [
    { number: 7, sha },
    { number: 8, sha },
  ]);
});

for (
  const text of [
    "",
    "o/r",
    "o/r@main",
    "r@main:a",
    "o/r@main:a,7",
    `o/r@main:a,0:${sha}`,
    "o/r@main:a,7:abc",
  ]
) {
  Deno.test(`refs that are none are refused: ${JSON.stringify(text)}`, () => {
    assertThrows(() => readRefs(text), UsageError, "--refs");
  });
}
