import { assertEquals } from "@std/assert";
import { findTestbed, testbedFolder, testbedSuites } from "./testbed_folder.ts";

async function withFiles(
  names: readonly string[],
  use: (folder: string) => void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "");
    use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a suite is tested in its own testbed, else in the default one", () =>
  withFiles(
    ["unstable-amd64.tar.zst", "default-amd64.tar", "testing-arm64.tar"],
    (folder) => {
      const find = (suite: string) => findTestbed(folder, suite, "amd64");
      assertEquals(find("unstable"), `${folder}/unstable-amd64.tar.zst`);
      assertEquals(find("testing"), `${folder}/default-amd64.tar`);
      assertEquals(testbedSuites(folder, "amd64"), ["*"]);
      assertEquals(testbedSuites(folder, "arm64"), ["testing"]);
    },
  ));

Deno.test("without a testbed for it a suite is not offered", () =>
  withFiles(
    ["unstable-amd64.tar", "other.txt", "tmp.tar.unfinished"],
    (folder) => {
      assertEquals(testbedSuites(folder, "amd64"), ["unstable"]);
      assertEquals(findTestbed(folder, "testing", "amd64"), null);
      assertEquals(testbedSuites(`${folder}/none`, "amd64"), []);
    },
  ));

const folders = [
  [{ SLIPWAY_TESTBEDS: "/beds", HOME: "/home/me" }, "/beds"],
  [{ XDG_CACHE_HOME: "/c", HOME: "/home/me" }, "/c/slipway/testbeds"],
  [{ HOME: "/home/me" }, "/home/me/.cache/slipway/testbeds"],
] as const;

for (const [env, folder] of folders) {
  Deno.test(`${JSON.stringify(env)} keeps testbeds in ${folder}`, () => {
    assertEquals(testbedFolder({ env }), folder);
  });
}
