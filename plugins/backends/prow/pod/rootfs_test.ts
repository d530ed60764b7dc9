import { assertEquals } from "@std/assert";
import { findRootfs, rootfsArguments } from "./rootfs.ts";
import { makeFolder } from "../../../../tests/pod.ts";

async function makeRootfs(path: string): Promise<string> {
  await Deno.mkdir(`${path}/usr/bin`, { recursive: true });
  await Deno.symlink("usr/bin", `${path}/bin`);
  return path;
}

Deno.test("a folder that is a root file system serves every image", async () => {
  await using folder = await makeFolder();
  const rootfs = await makeRootfs(`${folder.path}/debian`);
  assertEquals(await findRootfs(rootfs, "any/image:1"), rootfs);
});

Deno.test("of a folder of them the image's own is taken, else default, and none from elsewhere", async () => {
  await using folder = await makeFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/all`);
  await makeRootfs(`${path}/elsewhere`);
  const tagged = await makeRootfs(`${path}/all/gcr.io/a/b:v1`);
  const untagged = await makeRootfs(`${path}/all/gcr.io/a/c`);
  const find = (image: string) => findRootfs(`${path}/all`, image);
  assertEquals(await find("gcr.io/a/b:v1"), tagged);
  assertEquals(await find("gcr.io/a/b:v2"), null);
  assertEquals(await find("gcr.io/a/c:v2"), untagged);
  assertEquals(await find(`gcr.io/a/c:v2@sha256:${"0".repeat(64)}`), untagged);
  for (const image of ["../elsewhere", "x/../../elsewhere", ""]) {
    assertEquals(await find(image), null);
  }
  const standard = await makeRootfs(`${path}/all/default`);
  assertEquals(await find("busybox"), standard);
});

Deno.test("what the kernel and the sandbox provide is not taken from it", async () => {
  await using folder = await makeFolder();
  const rootfs = await makeRootfs(folder.path);
  for (const name of ["proc", "dev", "tmp", "home", "etc"]) {
    await Deno.mkdir(`${rootfs}/${name}`);
  }
  const given = (await rootfsArguments(rootfs)).join(" ");
  assertEquals(given.startsWith("--tmpfs / "), true);
  assertEquals(given.includes("--symlink usr/bin /bin"), true);
  assertEquals(given.includes(`--ro-bind ${rootfs}/etc /etc`), true);
  assertEquals(/proc|dev|tmp$|home/.test(given.replaceAll(rootfs, "")), false);
});
