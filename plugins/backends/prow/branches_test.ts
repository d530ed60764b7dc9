import { assertEquals } from "@std/assert";
import {
  type Branches,
  branchesFault,
  intersects,
  runsOn,
} from "./branches.ts";

const matches: readonly (readonly [string, Branches, string, boolean])[] = [
  ["no pattern is all branches", {}, "main", true],
  [
    "a pattern matches anywhere",
    { branches: ["release"] },
    "my-release-1",
    true,
  ],
  ["a pattern may be anchored", { branches: ["^main$"] }, "main2", false],
  ["one of several suffices", { branches: ["a", "b"] }, "b", true],
  ["skip_branches alone", { skip_branches: ["dev"] }, "main", true],
  ["skip_branches alone, matching", { skip_branches: ["dev"] }, "dev-1", false],
  [
    "skip_branches wins",
    { branches: ["release-.*"], skip_branches: ["release-1"] },
    "release-1.2",
    false,
  ],
];

for (const [name, job, branch, expected] of matches) {
  Deno.test(`gangway 51: ${name}`, () => {
    assertEquals(runsOn(job, branch), expected);
  });
}

const pairs: readonly (readonly [string, Branches, Branches, boolean])[] = [
  ["all and some", {}, { branches: ["a"] }, true],
  ["a common entry", { branches: ["a", "b"] }, { branches: ["b"] }, true],
  ["no common entry", { branches: ["a"] }, { branches: ["b"] }, false],
  ["only and not", { branches: ["a"] }, { skip_branches: ["a"] }, false],
  ["not and only", { skip_branches: ["a"] }, { branches: ["b"] }, true],
  ["not and not", { skip_branches: ["a"] }, { skip_branches: ["b"] }, true],
];

for (const [name, one, other, expected] of pairs) {
  Deno.test(`intersects(): ${name}`, () => {
    assertEquals(intersects(one, other), expected);
  });
}

const usable = [
  "main",
  "release-\\d+\\.\\d+",
  "^v1.*$",
  "(?i)main",
  "a{2,3}",
  "[ab]|c",
  "",
];
const unusable = ["a(", "a**", "*a", "[a", "(?=a)", "a{1001}", "\\1", "a\\"];

for (const pattern of usable) {
  Deno.test(`branchesFault() lets ${JSON.stringify(pattern)} pass`, () => {
    assertEquals(branchesFault({ branches: [pattern] }), null);
    assertEquals(
      runsOn({ branches: [pattern] }, "?"),
      pattern === "",
    );
  });
}

for (const pattern of unusable) {
  Deno.test(`branchesFault() names the list with ${JSON.stringify(pattern)}`, () => {
    const fault = branchesFault({ skip_branches: ["main", pattern] });
    assertEquals(fault?.startsWith("skip_branches: error parsing"), true);
  });
}
