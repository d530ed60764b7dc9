import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { artifactLimits, findArtifacts } from "./artifacts.ts";
import { makeFolder } from "../../../../tests/pod.ts";

/** A folder with files in it. */
async function folderWith(files: Record<string, string>) {
  const folder = await makeFolder();
  for (const [name, text] of Object.entries(files)) {
    const parent = `${folder.path}/${name}`.replace(/\/[^/]*$/, "");
    await Deno.mkdir(parent, { recursive: true });
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  return folder;
}

async function found(path: string, limits = {}) {
  const { kept, left } = await findArtifacts(path, {
    ...artifactLimits,
    ...limits,
  });
  return {
    kept: kept.map(({ path }) => path),
    left: left.map(({ path, why }) => `${path}: ${why}`),
  };
}

Deno.test("files are found in every folder, in the order of their names", async () => {
  await using folder = await folderWith({ b: "", "a/c": "", "a/b/d": "" });
  assertEquals(await found(folder.path), {
    kept: ["a/b/d", "a/c", "b"],
    left: [],
  });
});

Deno.test("names get what a path may hold", async () => {
  await using folder = await folderWith({
    "a\nb": "",
    "c\\d": "",
    "e f#ü": "",
  });
  assertEquals((await found(folder.path)).kept, ["a_b", "c_d", "e f#ü"]);
  await Deno.writeTextFile(`${folder.path}/a\tb`, "");
  assertEquals((await found(folder.path)).left, [
    "a_b: there is another of that name",
  ]);
});

Deno.test("a link is followed within the folder, and not to a file of this machine", async () => {
  await using folder = await folderWith({ file: "", "in/x": "" });
  const { path } = folder;
  await Deno.symlink("file", `${path}/near`);
  await Deno.symlink("/etc/passwd", `${path}/far`);
  await Deno.symlink("..", `${path}/in/up`);
  await Deno.symlink("gone", `${path}/dangling`);
  const { kept, left } = await found(path);
  assertEquals(kept, ["file", "in/x", "near"]);
  assertEquals(left.length, 3);
  assertStringIncludes(left[0] ?? "", "dangling: it cannot be read: ");
  assertEquals(left[1], "far: it is a link that leads out of ARTIFACTS");
  assertEquals(left[2], "in/up: it is a link that leads out of ARTIFACTS");
});

Deno.test("what is no file is left, without waiting for it", async () => {
  await using folder = await makeFolder();
  const mkfifo = new Deno.Command("mkfifo", { args: [`${folder.path}/pipe`] });
  assertEquals((await mkfifo.output()).success, true);
  assertEquals(await found(folder.path), {
    kept: [],
    left: ["pipe: it is not a file"],
  });
});

Deno.test("number and sizes are limited", async () => {
  await using folder = await folderWith({ a: "12", b: "123", c: "1", d: "" });
  const { path } = folder;
  assertEquals((await found(path, { files: 2 })).left, [
    "c: there are more than 2",
  ]);
  assertEquals((await found(path, { fileBytes: 2 })).left, [
    "b: it is larger than 2 bytes",
  ]);
  assertEquals(await found(path, { totalBytes: 4 }), {
    kept: ["a", "c", "d"],
    left: ["b: all together are larger than 4 bytes"],
  });
});

Deno.test("a folder that cannot be read is told", async () => {
  await using folder = await makeFolder();
  await findArtifacts(`${folder.path}/gone`, artifactLimits).then(
    () => assertEquals("found", "an error"),
    (error) => assertStringIncludes(String(error), "NotFound"),
  );
});

Deno.test("a link that a job puts in the place of ARTIFACTS itself is not followed", async () => {
  await using secrets = await folderWith({ "key.txt": "secret" });
  await using folder = await folderWith({});
  const link = `${folder.path}/artifacts`;
  await Deno.symlink(secrets.path, link);
  await assertRejects(() => found(link), TypeError, "the job replaced it");
});
