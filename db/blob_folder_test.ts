import { assertEquals, assertRejects } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { sha256Hex } from "../core/id.ts";
import { openBlobFolder } from "./blob_folder.ts";

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
