import { assertEquals } from "@std/assert";
import { type Facet, facetFaults, facetPairs } from "./facet.ts";

const suite: Facet = { name: "suite", label: "Suite", members: ["suite"] };
const repo: Facet = {
  name: "repo",
  label: "Repository",
  members: ["org", "repo"],
};

Deno.test("a run is found by each of its values, and by the beginning of a joined one", () => {
  assertEquals(
    facetPairs([suite, repo], { suite: "sid", org: "o", repo: "r", x: 1 }),
    [["suite", "sid"], ["repo", "o"], ["repo", "o/r"]],
  );
  assertEquals(facetPairs([suite], { suite: 12 }), [["suite", "12"]]);
});

Deno.test("what is no text, empty or too long is no value", () => {
  for (const value of ["", null, {}, ["sid"], true, "x".repeat(501)]) {
    assertEquals(facetPairs([suite], { suite: value }), []);
  }
  assertEquals(facetPairs([suite], {}), []);
  assertEquals(facetPairs([repo], { org: "", repo: "r" }), []);
  assertEquals(facetPairs([repo], { org: "o", repo: "" }), [["repo", "o"]]);
});

Deno.test("a facet cannot take a name that the pages use, nor one twice", () => {
  assertEquals(facetFaults("x", [suite, repo]), []);
  assertEquals(facetFaults("x", [{ ...suite, name: "owner" }]).length, 1);
  assertEquals(facetFaults("x", [{ ...suite, name: "A b" }]).length, 1);
  assertEquals(facetFaults("x", [suite, suite]).length, 1);
});
