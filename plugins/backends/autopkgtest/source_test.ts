import { assertEquals } from "@std/assert";
import { controlWantsPackages, findSource } from "./source.ts";
import { hostWith } from "./testing.ts";

const trees = hostWith().env.SLIPWAY_PACKAGE_TREES;

Deno.test("a package with a source tree is tested from it", async () => {
  const source = await findSource("hello-slipway", trees);
  assertEquals(source.kind, "tree");
});

for (const folder of [trees, "/no/such/folder", "", undefined]) {
  Deno.test(`a package that is not in ${JSON.stringify(folder)} comes from the archive`, async () => {
    assertEquals(await findSource("bash", folder), { kind: "archive" });
  });
}

for (const name of ["../packages/hello-slipway", "..", ".", "a", "a/b", "-x"]) {
  Deno.test(`${name} is no way out of the folder of source trees`, async () => {
    assertEquals((await findSource(name, trees)).kind, "faulty");
  });
}

const controls = [
  ["Tests: one\nDepends:\n", false],
  ["# why\n\nTests: one\nDepends:\n# none\n\nTests: two\nDepends: \n", false],
  ["Tests: one\n", true],
  ["Tests: one\nDepends: @\n", true],
  ["Tests: one\nDepends:\n python3,\n", true],
  ["Tests: one\nDepends:\n\nTests: two\n", true],
  ["Tests: one\nDepends:\nRestrictions: build-needed\n", true],
] as const;

for (const [control, wants] of controls) {
  Deno.test(`${JSON.stringify(control)} ${wants ? "wants" : "wants no"} packages`, () => {
    assertEquals(controlWantsPackages(control), wants);
  });
}
