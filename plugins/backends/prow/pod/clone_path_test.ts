import { assertEquals, assertMatch } from "@std/assert";
import { clonePath, overlapFault } from "./clone_path.ts";
import type { Refs } from "../refs.ts";

const places: readonly (readonly [Refs, string])[] = [
  [{ org: "o", repo: "r" }, "src/github.com/o/r"],
  [{ org: "o", repo: "r", path_alias: "k8s.io/r" }, "src/k8s.io/r"],
  [{ org: "o", repo: "r", path_alias: "r" }, "src/r"],
  [
    { org: "o", repo: "r", repo_link: "https://git.example.org/o/r" },
    "src/git.example.org/o/r",
  ],
  [
    { org: "https://host/repo/some", repo: "org" },
    "src/host/repo/some/org",
  ],
  [{ org: "o//", repo: "r/" }, "src/github.com/o/r"],
];

Deno.test("gangway 62: clonePath() is Prow's place, and that of an org that is a URL", () => {
  for (const [refs, path] of places) assertEquals(clonePath(refs), { path });
});

Deno.test("clonePath() never leads out of src, nor into a .git folder", () => {
  const bad = [
    "..",
    "a/../../b",
    "a/./b",
    "a\u0000",
    "a\\b",
    "a/.GIT",
    "x".repeat(1001),
  ];
  for (const alias of bad) {
    const place = clonePath({ org: "o", repo: "r", path_alias: alias });
    assertMatch(
      "fault" in place ? place.fault : "",
      /cannot be its folder: it /,
    );
  }
});

Deno.test("overlapFault() names repositories in one place or in another", () => {
  assertEquals(overlapFault(["src/a", "src/ab", "src/b/a"]), null);
  assertEquals(
    overlapFault(["src/a", "src/b", "src/a"]),
    "two repositories cannot both be in src/a",
  );
  assertEquals(
    overlapFault(["src/a/b", "src/a"]),
    "src/a/b cannot be inside the repository src/a",
  );
});
