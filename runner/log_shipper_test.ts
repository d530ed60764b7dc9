import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertStringIncludes,
} from "@std/assert";
import { maxLogChunkBytes } from "../core/protocol.ts";
import { lease, lines, StoredLog, withShipper } from "./testing/shipper_rig.ts";

Deno.test("what is written arrives whole and in order, and its size is returned", async () => {
  const stored = new StoredLog();
  await withShipper(
    (asked) => stored.take(asked),
    async ({ shipper, failures, heeded }) => {
      for (const line of lines(1000).split(/(?<=\n)/)) shipper.write(line);
      shipper.write(new Uint8Array([255, 0]));
      assertEquals(await shipper.finish(), stored.bytes.byteLength);
      assertEquals(stored.text, `${lines(1000)}\uFFFD\0`);
      assertEquals(failures, []);
      assertEquals(heeded[0], lease);
    },
  );
});

Deno.test("an empty log asks the server nothing", async () => {
  const stored = new StoredLog();
  await withShipper((asked) => stored.take(asked), async ({ shipper }) => {
    shipper.write("");
    assertEquals(await shipper.finish(), 0);
    assertEquals(stored.requests, []);
  });
});

Deno.test("small writes are gathered, and sent without waiting for the end", async () => {
  const stored = new StoredLog();
  const arrived = Promise.withResolvers<void>();
  await withShipper((asked) => {
    const answer = stored.take(asked);
    arrived.resolve();
    return answer;
  }, async ({ shipper }) => {
    for (const line of lines(20).split(/(?<=\n)/)) shipper.write(line);
    await arrived.promise;
    assertEquals(stored.requests.length, 1);
    assertEquals(stored.text, lines(20));
    await shipper.finish();
  });
});

Deno.test("64 KiB are sent at once, however long a flush may wait", async () => {
  const stored = new StoredLog();
  const arrived = Promise.withResolvers<void>();
  await withShipper(
    (asked) => {
      const answer = stored.take(asked);
      arrived.resolve();
      return answer;
    },
    async ({ shipper }) => {
      shipper.write("first");
      shipper.write(new Uint8Array(64 * 1024));
      await arrived.promise;
      await shipper.finish();
    },
    { flushMs: 3_600_000 },
  );
});

Deno.test("the end does not wait for a flush", async () => {
  const stored = new StoredLog();
  await withShipper(
    (asked) => stored.take(asked),
    async ({ shipper }) => {
      shipper.write("short");
      assertEquals(await shipper.finish(), 5);
    },
    { flushMs: 3_600_000 },
  );
});

Deno.test("no request carries more than the protocol allows", async () => {
  const stored = new StoredLog();
  await withShipper((asked) => stored.take(asked), async ({ shipper }) => {
    const sizeBytes = 2 * maxLogChunkBytes + 7;
    shipper.write(new Uint8Array(sizeBytes));
    assertEquals(await shipper.finish(), sizeBytes);
    for (const request of stored.requests) {
      assertLessOrEqual(request.sizeBytes, maxLogChunkBytes);
    }
  });
});

Deno.test("a log that is too long is cut with a line that says so", async () => {
  const stored = new StoredLog();
  await withShipper(
    (asked) => stored.take(asked),
    async ({ shipper }) => {
      for (let part = 0; part < 100; part++) shipper.write(lines(100));
      shipper.write("never seen");
      assertEquals(await shipper.finish(), stored.bytes.byteLength);
      assertLessOrEqual(stored.bytes.byteLength, 5000);
      assert(lines(1000).startsWith(stored.text.slice(0, 700)));
      assertStringIncludes(
        stored.text,
        "\nslipway: the log is cut here because it is longer than 5000 bytes\n",
      );
      assert(!stored.text.includes("never seen"));
    },
    { maxBytes: 5000 },
  );
});

Deno.test("whoever writes faster than the server takes it is asked to wait", async () => {
  const stored = new StoredLog();
  const open = Promise.withResolvers<void>();
  await withShipper(async (asked) => {
    await open.promise;
    return stored.take(asked);
  }, async ({ shipper }) => {
    const megabyte = new Uint8Array(1024 * 1024);
    const waits = [1, 2, 3, 4, 5].map(() => shipper.write(megabyte));
    assertEquals(waits.map((wait) => wait !== null), [
      false,
      false,
      false,
      false,
      true,
    ]);
    open.resolve();
    await waits[4];
    assertEquals(await shipper.finish(), 5 * megabyte.byteLength);
  });
});
