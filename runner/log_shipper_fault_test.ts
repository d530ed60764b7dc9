import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../tests/eventually.ts";
import { StaleAttempt } from "./call.ts";
import { brokenAnswer, problemAnswer } from "./testing/scripted_server.ts";
import { lines, StoredLog, withShipper } from "./testing/shipper_rig.ts";

Deno.test("a log whose answers are lost arrives whole, nothing twice", async () => {
  const stored = new StoredLog();
  let count = 0;
  await withShipper((asked) => {
    const answer = stored.take(asked);
    return ++count % 2 === 1 ? brokenAnswer() : answer;
  }, async ({ shipper, failures }) => {
    for (let part = 0; part < 5; part++) {
      shipper.write(lines(10_000));
      await eventually(
        () => stored.requests.length >= 2 * part,
        "nothing is sent",
      );
    }
    assertEquals(await shipper.finish(), stored.bytes.byteLength);
    assertEquals(stored.text, lines(10_000).repeat(5));
    assertEquals(failures, []);
  });
});

Deno.test("a log whose requests are lost or refused for a while arrives whole", async () => {
  const stored = new StoredLog();
  let count = 0;
  await withShipper(
    (asked) =>
      ++count % 3 === 0
        ? stored.take(asked)
        : problemAnswer(503, "unavailable"),
    async ({ shipper }) => {
      shipper.write(lines(1000));
      await shipper.finish();
      assertEquals(stored.text, lines(1000));
    },
  );
});

Deno.test("a server that has only part of a chunk gets the rest", async () => {
  const stored = new StoredLog();
  let isFirst = true;
  await withShipper((asked) => {
    if (!isFirst) return stored.take(asked);
    isFirst = false;
    const body = asked.body.slice(0, 10);
    stored.take({ ...asked, body });
    return problemAnswer(416, "wrong_offset", { range: "bytes=0-9" });
  }, async ({ shipper }) => {
    shipper.write(lines(50));
    assertEquals(await shipper.finish(), lines(50).length);
    assertEquals(stored.text, lines(50));
  });
});

Deno.test("a server that has lost what it acknowledged gets the rest, with a line that says so", async () => {
  const stored = new StoredLog();
  await withShipper((asked) => stored.take(asked), async ({ shipper }) => {
    shipper.write("before\n");
    await eventually(() => stored.requests.length > 0, "nothing is sent");
    stored.bytes = new Uint8Array();
    shipper.write("after\n");
    assertEquals(await shipper.finish(), stored.bytes.byteLength);
    assertEquals(
      stored.text,
      "\nslipway: 7 bytes of the log were lost here\nafter\n",
    );
  });
});

Deno.test("a server that asks for another offset for ever is given up", async () => {
  await withShipper(
    () => problemAnswer(416, "wrong_offset", { range: "bytes=0-2" }),
    async ({ shipper, failures }) => {
      shipper.write(lines(10));
      await shipper.finish();
      assertEquals(failures.length, 1);
      assertMatch(String(failures[0]), /one offset after the other/);
    },
  );
});

Deno.test("after 412 what the server misses is sent again", async () => {
  const stored = new StoredLog();
  await withShipper((asked) => stored.take(asked), async ({ shipper }) => {
    shipper.write("all of it\n");
    assertEquals(await shipper.finish(), 10);
    assertEquals(await shipper.resume(null), 10);
    stored.bytes = stored.bytes.slice(0, 4);
    assertEquals(await shipper.resume(4), stored.bytes.byteLength);
    assertEquals(
      stored.text,
      "all \nslipway: 6 bytes of the log were lost here\n",
    );
  });
});

Deno.test("a log that the server refuses is dropped, and nobody waits for it", async () => {
  await withShipper(
    () => problemAnswer(409, "stale_attempt"),
    async ({ shipper, failures }) => {
      await shipper.write(new Uint8Array(6 * 1024 * 1024));
      assertEquals(await shipper.finish(), 0);
      assertEquals(shipper.write(new Uint8Array(6 * 1024 * 1024)), null);
      assert(failures[0] instanceof StaleAttempt);
      assertEquals(failures.length, 1);
    },
  );
});
