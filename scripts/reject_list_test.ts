import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readRejectListArguments } from "./reject_list.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

const recorded = new URL(
  "../plugins/backends/autopkgtest/testdata/reject_list",
  import.meta.url,
).pathname;

Deno.test("a file of debci's is imported, listed in the same form, and replaced at once", async () => {
  await using data = await makeDataFolder();
  const run = (args: string[], input = "") =>
    data.run("reject_list.ts", args, input);
  const dry = await run(["import", "--dry-run", recorded]);
  assertEquals([dry.code, (await run(["list"])).stdout], [0, ""]);
  assertStringIncludes(dry.stdout, "4 added, 0 changed, 0 removed");

  const first = await run(["import", recorded]);
  assertEquals(first.code, 0, first.stderr);
  assertEquals(first.stdout, dry.stdout);
  const { stdout } = await run(["list"]);
  assertStringIncludes(
    stdout,
    "# version-limited\nverrejected testing arm64 1.0-1\n",
  );

  const again = await run(["import", "-"], stdout);
  assertEquals(
    again.stdout,
    "0 added, 0 changed, 0 removed, 4 unchanged\n",
  );
  const other = "rejectedpkg\nnew-*\nhalfrejected unstable amd64\n";
  const second = await run(["import", "-"], other);
  assertEquals(second.stdout.split("\n"), [
    "+ new-*",
    "~ rejectedpkg",
    "~ halfrejected unstable amd64",
    "- verrejected testing arm64 1.0-1",
    "- globrej-*",
    "1 added, 2 changed, 2 removed, 0 unchanged",
    "",
  ]);
});

Deno.test("a faulty line is named with its number and reason, and nothing is written", async () => {
  await using data = await makeDataFolder();
  const text =
    "good\n\n# why\nBad$Name\nfoo unstable amd64 1.0 more\nbar un/stable\n";
  const { code, stdout, stderr } = await data.run(
    "reject_list.ts",
    ["import", "-"],
    text,
  );
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, '-:4: "Bad$Name" is neither a package');
  assertStringIncludes(stderr, "-:5: expected package, suite, architecture");
  assertStringIncludes(stderr, '-:6: "un/stable" is no suite');
  assertStringIncludes(stderr, "3 faulty lines");
  const { stdout: list } = await data.run("reject_list.ts", ["list"]);
  assertEquals(list, "");
});

Deno.test("a file that is not there is told by its name", async () => {
  await using data = await makeDataFolder();
  const { code, stderr } = await data.run("reject_list.ts", [
    "import",
    "/no/such/file",
  ]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot read /no/such/file");
});

for (
  const args of [
    [],
    ["show"],
    ["import"],
    ["import", "a", "b"],
    ["list", "x"],
    ["import", "a", "--force"],
  ]
) {
  Deno.test(`readRejectListArguments() refuses "${args.join(" ")}"`, () => {
    assertThrows(() => readRejectListArguments(args), UsageError, "Cannot ");
  });
}
