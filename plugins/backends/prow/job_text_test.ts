import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { readJobText } from "./job_text.ts";

async function inFile<Result>(
  content: Uint8Array | string,
  act: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = await Deno.makeTempFile();
  try {
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return await act(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a text is read without its byte order mark", async () => {
  assertEquals(await inFile("\ufeffa: é\n", readJobText), "a: é\n");
  assertEquals(await inFile("", readJobText), "");
});

Deno.test("a compressed text is read whatever its file is called, in several parts too", async () => {
  const parts = [...gzipSync("a: 1\n"), ...gzipSync("b: 2\n")];
  assertEquals(
    await inFile(new Uint8Array(parts), readJobText),
    "a: 1\nb: 2\n",
  );
});

const refused: readonly (readonly [string, Uint8Array, string])[] = [
  ["what is not UTF-8", new Uint8Array([0xe9]), "not UTF-8"],
  [
    "broken gzip",
    new Uint8Array(gzipSync("a: 1")).slice(0, -4),
    "compressed with gzip, but broken",
  ],
  [
    "a small file that decompresses to a huge one",
    new Uint8Array(gzipSync(new Uint8Array(64 * 1024 * 1024))),
    "larger than 16777216 bytes",
  ],
];

for (const [name, content, reason] of refused) {
  Deno.test(`${name} is refused with its reason`, async () => {
    await inFile(
      content,
      (path) => assertRejects(() => readJobText(path), Error, reason),
    );
  });
}

Deno.test("a file of 100 MB is refused without being read", async () => {
  await inFile("", async (path) => {
    await Deno.truncate(path, 100 * 1024 * 1024);
    const before = Deno.memoryUsage().rss;
    await assertRejects(() => readJobText(path), Error, "larger than");
    assertLess(Deno.memoryUsage().rss - before, 50 * 1024 * 1024);
  });
});

Deno.test("what has no end is refused once it is too long", async () => {
  await assertRejects(() => readJobText("/dev/zero"), Error, "larger than");
});

Deno.test("a folder is no text", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assertRejects(() => readJobText(folder), Error);
  } finally {
    await Deno.remove(folder);
  }
});
