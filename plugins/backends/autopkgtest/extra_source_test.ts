import { assertEquals } from "@std/assert";
import { readSourceNames, refusedSources } from "./extra_source.ts";

const entry = "deb http://archive.test/debian unstable main";
const sources = {
  open: { entry, allowed: [] },
  teams: { entry, allowed: ["group:team", "user:bob"] },
};

/** Kind and name of who asks, and which of all sources they are refused. */
const callers = [
  ["group", "team", ["nosuch", "constructor"]],
  ["user", "bob", ["nosuch", "constructor"]],
  ["user", "team", ["teams", "nosuch", "constructor"]],
  ["group", "bob", ["teams", "nosuch", "constructor"]],
] as const;

for (const [kind, name, refused] of callers) {
  Deno.test(`${kind}:${name} is refused the sources of others and those that are not there`, () => {
    const caller = {
      kind,
      name,
      account: 1,
      permissions: [],
      limits: [],
      via: "",
      credential: "",
    };
    const names = ["open", "teams", "nosuch", "constructor"];
    assertEquals(refusedSources(names, sources, caller), [...refused]);
  });
}

Deno.test("only a list of texts is a list of names, and nothing is an empty one", () => {
  assertEquals(readSourceNames(["a", "b"]), ["a", "b"]);
  assertEquals(readSourceNames(null), []);
  for (const value of ["a", { a: 1 }, ["a", 1], [["a"]], 0]) {
    assertEquals(readSourceNames(value), null);
  }
});
