import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readSettings } from "../core/settings.ts";
import { makeDataFolders } from "./data_folder.ts";
import { makeDataFolder } from "./testing.ts";

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

Deno.test("a new data folder is its owner's alone", async () => {
  await using data = await makeDataFolder();
  const { code, stderr } = await data.run("migrate.ts", []);
  assertEquals(code, 0, stderr);
  assertEquals(await modeOf(data.path), 0o700);
  assert(!stderr.includes("Other users"), stderr);
});

Deno.test("a data folder that an earlier version left open is closed, and its operator is told", async () => {
  await using data = await makeDataFolder();
  await data.run("migrate.ts", []);
  await Deno.chmod(data.path, 0o755);
  const { stderr } = await data.run("migrate.ts", []);
  assertEquals(await modeOf(data.path), 0o700);
  assertStringIncludes(stderr, `can no longer read ${data.path}`);
});

Deno.test("a folder that its operator opened on purpose, or that is not Slipway's, is only warned of", async () => {
  await using data = await makeDataFolder();
  const settings = readSettings({ SLIPWAY_DATA: data.path });
  await Deno.mkdir(data.path);
  for (const mode of [0o755, 0o750, 0o770]) {
    await Deno.chmod(data.path, mode);
    const [notice = ""] = await makeDataFolders(settings);
    assertStringIncludes(notice, `chmod 700 ${data.path}`);
    assertEquals(await modeOf(data.path), mode);
    if (mode === 0o755) await Deno.writeTextFile(`${data.path}/slipway.db`, "");
  }
});
