import { assertEquals, assertRejects } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { sha256Hex } from "../core/id.ts";
import { clearIncoming, openBlobFolder } from "./blob_folder.ts";

function stream(...parts: string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    parts.map((part) => new TextEncoder().encode(part)),
  );
}

async function withFolder(
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "slipway-blobs-" });
  await use(directory);
  await Deno.remove(directory, { recursive: true });
}

Deno.test("a blob comes back whole or in part, under its SHA-256", () =>
  withFolder(async (directory) => {
    const blobs = openBlobFolder(directory);
    const info = await blobs.put(stream("hello ", "world"), { maxBytes: 100 });
    assertEquals(info, {
      sizeBytes: 11,
      sha256: await sha256Hex("hello world"),
    });
    assertEquals(
      await new Response(await blobs.get(info.sha256)).text(),
      "hello world",
    );
    assertEquals(
      await new Response(await blobs.get(info.sha256, { start: 3, end: 8 }))
        .text(),
      "lo wo",
    );
    assertEquals(
      await blobs.put(stream("hello world"), { maxBytes: 100 }),
      info,
    );
    assertEquals(await blobs.get("0".repeat(64)), null);
  }));

Deno.test("a blob that is too large, or not what was announced, leaves nothing behind", () =>
  withFolder(async (directory) => {
    const blobs = openBlobFolder(directory);
    const tooLarge = await assertRejects(
      () => blobs.put(stream("12345", "67890"), { maxBytes: 9 }),
      ApiError,
    );
    const other = await assertRejects(
      () => blobs.put(stream("x"), { maxBytes: 9, sha256: "0".repeat(64) }),
      ApiError,
    );
    assertEquals([tooLarge.code, other.code], ["too_large", "conflict"]);
    const left = [...Deno.readDirSync(`${directory}/incoming`)];
    assertEquals(left, []);
  }));

Deno.test("a stream that breaks off leaves nothing behind", () =>
  withFolder(async (directory) => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new Error("gone")),
    });
    await assertRejects(
      () => openBlobFolder(directory).put(broken, { maxBytes: 100 }),
      Error,
      "gone",
    );
    assertEquals([...Deno.readDirSync(`${directory}/incoming`)], []);
  }));

Deno.test("what a crash left of uploads is cleared after an hour, younger files and blobs stay", () =>
  withFolder(async (directory) => {
    clearIncoming(directory, Date.now());
    const blobs = openBlobFolder(directory);
    const { sha256 } = await blobs.put(stream("kept"), { maxBytes: 9 });
    const now = Date.now();
    for (const [name, minutes] of [["old", 61], ["young", 59]] as const) {
      await Deno.writeTextFile(`${directory}/incoming/${name}`, "half");
      const time = new Date(now - minutes * 60_000);
      await Deno.utime(`${directory}/incoming/${name}`, time, time);
    }
    clearIncoming(directory, now);
    const left = [...Deno.readDirSync(`${directory}/incoming`)];
    assertEquals(left.map(({ name }) => name), ["young"]);
    assertEquals(await new Response(await blobs.get(sha256)).text(), "kept");
  }));

Deno.test("nobody else on the machine can look at blobs", () =>
  withFolder(async (parent) => {
    const directory = `${parent}/data/blobs`;
    const { sha256 } = await openBlobFolder(directory)
      .put(stream("secret"), { maxBytes: 9 });
    for (const part of ["..", ".", "incoming", sha256.slice(0, 2)]) {
      const { mode } = await Deno.stat(`${directory}/${part}`);
      assertEquals((mode ?? 0) & 0o777, 0o700, part);
    }
  }));
