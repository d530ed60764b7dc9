import { assertEquals, assertStringIncludes } from "@std/assert";
import { copyRepository } from "../tests/repository_copy.ts";
import { backendNameFault, fillIn, toVariable } from "./new_backend.ts";

Deno.test("a backend's name is a folder's, a table's and a variable's", () => {
  for (const name of ["shell", "my_backend2", "a".repeat(40)]) {
    assertEquals(backendNameFault(name), null, name);
  }
  for (
    const name of [
      "",
      "Shell",
      "my-backend",
      "../x",
      "a__b",
      "_a",
      "a_",
      "2a",
      "core",
      "template",
      "class",
      "a".repeat(41),
      "é",
    ]
  ) {
    assertStringIncludes(backendNameFault(name) ?? "", "name");
  }
  assertEquals(toVariable("my_own_2backend"), "myOwn2backend");
  assertEquals(
    fillIn("import template from; template(); template:read", "a_b"),
    "import aB from; aB(); a_b:read",
  );
});

Deno.test("deno task new:backend writes one that passes every check and its tests, and never half of one", async () => {
  await using copy = await copyRepository();
  // Long, so that lines break elsewhere.
  const name = "shell_commands_of_our_machines";
  const create = (...words: string[]) =>
    copy.deno(["task", "new:backend", ...words]);
  const folder = `plugins/backends/${name}`;
  const made = await create(name);
  assertEquals(made.code, 0, made.stderr);
  for (const says of ["1. Load it", `"./${folder}/mod.ts"`, "2. Try it"]) {
    assertStringIncludes(made.stdout, says);
  }
  // The tests check the types of all that they load, which is all of it.
  const checks: readonly (readonly string[])[] = [
    ["lint", folder],
    ["fmt", "--check", folder],
    ["run", "-A", "scripts/check_imports.ts"],
    ["test", "-A", folder],
  ];
  for (const args of checks) {
    const { code, stdout, stderr } = await copy.deno(args);
    assertEquals(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
  }
  const before = await entries(copy.path("plugins/backends"));
  const refused: readonly (readonly [string, string[], number])[] = [
    ["is there already", [name], 1],
    ["is there already", ["bearer"], 1],
    ["a name is made of", ["Not/One"], 2],
    ["expected one NAME", [], 2],
    ["expected one NAME", ["a", "b"], 2],
  ];
  for (const [says, words, status] of refused) {
    const { code, stdout, stderr } = await create(...words);
    assertEquals([code, stdout], [status, ""]);
    assertStringIncludes(stderr, says);
  }
  assertEquals(await entries(copy.path("plugins/backends")), before);
});

async function entries(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .toSorted();
}
