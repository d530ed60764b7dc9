import { assert, assertEquals } from "@std/assert";
import { type Bench, decode, encode, exited, passed } from "./bench.ts";

/** What the store guarantees of logs. */
export async function testLogs(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store } = bench;

  await t.step("a log grows only at its end, byte for byte", async () => {
    const { run, fence } = await bench.submitAndStart("log");
    assertEquals(await store.logs.append(fence, 0, encode("hello ")), {
      kind: "stored",
    });
    assertEquals(await store.logs.append(fence, 6, encode("world")), {
      kind: "stored",
    });
    assertEquals(await store.logs.append(fence, 4, encode("o wor")), {
      kind: "repeated",
    });
    assertEquals(await store.logs.append(fence, 4, encode("o WOR")), {
      kind: "differs",
    });
    assertEquals(await store.logs.append(fence, 12, encode("!")), {
      kind: "wrong_offset",
      logBytes: 11,
    });
    const present = await store.runs.find(run.id);
    assert(present !== null);
    assertEquals(decode(await store.logs.read(present)), "hello world");
    assertEquals(decode(await store.logs.read(present, 3, 8)), "lo wo");
    await store.attempts.finish(fence, exited, passed);
  });
}
