import { assertEquals, assertStringIncludes } from "@std/assert";
import { silentLog } from "../core/log.ts";
import { clearWorkFolders, makeWorkFolder } from "./work_folder.ts";

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("a work folder goes with its attempt, read-only folders in it too", async () => {
  const folder = await makeWorkFolder();
  await Deno.mkdir(`${folder.path}/cache`);
  await Deno.writeTextFile(`${folder.path}/cache/module`, "");
  await Deno.chmod(`${folder.path}/cache`, 0o500);
  await folder.remove(silentLog);
  assertEquals(await exists(folder.path), false);
});

Deno.test("what a killed runner left is removed; a living one's folder and everything else stay", async () => {
  const temporary = await Deno.makeTempDir({ prefix: "slipway-test-" });
  // A process of its own: a lock belongs to an open file, and that must be another runner's.
  const living = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { makeWorkFolder } from ${
        JSON.stringify(new URL("./work_folder.ts", import.meta.url).href)
      };
      console.log((await makeWorkFolder()).path);
      await Deno.stdin.read(new Uint8Array(1));
      Deno.exit();`,
    ],
    env: { TMPDIR: temporary },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = living.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: line = "" } = await output.read();
  const path = line.trim();
  assertStringIncludes(path, temporary);
  await Deno.mkdir(`${temporary}/slipway-work-dead/deep`, { recursive: true });
  await Deno.mkdir(`${temporary}/slipway-other`);
  await Deno.mkdir(`${temporary}/target`);
  await Deno.symlink(`${temporary}/target`, `${temporary}/slipway-work-link`);

  await clearWorkFolders(silentLog, temporary);
  const names = [...Deno.readDirSync(temporary)].map(({ name }) => name);
  assertEquals(
    names.toSorted(),
    [
      path.slice(temporary.length + 1),
      "slipway-other",
      "slipway-work-link",
      "target",
    ].toSorted(),
  );

  living.kill("SIGKILL");
  await living.status;
  await clearWorkFolders(silentLog, temporary);
  assertEquals(await exists(path), false);
  await output.cancel();
  await living.stdin.close().catch(() => {});
  await Deno.remove(temporary, { recursive: true });
});
