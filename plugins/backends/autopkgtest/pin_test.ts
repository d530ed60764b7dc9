import { assertEquals } from "@std/assert";
import { readPins } from "./pin.ts";

const suites = ["unstable", "testing"];

Deno.test("pins are read in both documented forms", () => {
  const given = [["src:aa,bb", "unstable"], ["src:cc", "libd++", "testing"]];
  assertEquals(readPins(given, suites), {
    given,
    pins: [
      { suite: "unstable", packages: ["src:aa", "bb"] },
      { suite: "testing", packages: ["src:cc", "libd++"] },
    ],
  });
});

for (const none of [undefined, null, []]) {
  Deno.test(`${JSON.stringify(none)} pins nothing`, () => {
    assertEquals(readPins(none, suites), { given: [], pins: [] });
  });
}

const wrong = {
  "a flat list": ["src:aa", "testing"],
  "a number in a list": [["src:aa", 1]],
  "an empty list": [[]],
  "a suite alone": [["testing"]],
  "an unknown suite": [["src:aa", "nosuch"]],
  "a suite twice": [["src:aa", "testing"], ["bb", "testing"]],
  "a blank": [["src:aa trigger:x", "testing"]],
  "an empty name": [["aa,,bb", "testing"]],
  "a line break": [["foo\nbar", "testing"]],
  "a shell's words": [["$(id)", "testing"]],
  "another prefix": [["bin:foo", "testing"]],
};

for (const [what, value] of Object.entries(wrong)) {
  Deno.test(`pins with ${what} are refused with a reason`, () => {
    assertEquals(typeof readPins(value, suites), "string");
  });
}
