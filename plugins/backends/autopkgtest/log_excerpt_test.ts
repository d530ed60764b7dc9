import { assertEquals } from "@std/assert";
import { compressLog, logLimits } from "./log_excerpt.ts";
import { gunzip, withFolder } from "./testing.ts";

/** A log as it is kept. */
async function excerptOf(text: string): Promise<string> {
  let kept = "";
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/log`, text);
    await compressLog(`${folder}/log`, `${folder}/log.gz`, {
      head: 4,
      tail: 6,
    });
    kept = await gunzip(await Deno.readFile(`${folder}/log.gz`));
  });
  return kept;
}

Deno.test("a log up to the limit is kept whole", async () => {
  assertEquals(await excerptOf("0123456789"), "0123456789");
  assertEquals(await excerptOf(""), "");
});

Deno.test("of a long log the beginning and the end are kept, and how much is not", async () => {
  assertEquals(
    await excerptOf("BEGIN0123456789THEEND"),
    "BEGI\n\n[slipway: 11 bytes of the log are left out here]\n\nTHEEND",
  );
});

Deno.test("a log of 30 MB becomes one of 20", () =>
  withFolder(async (folder) => {
    const megabyte = 1024 ** 2;
    const log = new Uint8Array(30 * megabyte).fill(120);
    log.set(new TextEncoder().encode("first"), 0);
    log.set(new TextEncoder().encode("last"), log.length - 4);
    await Deno.writeFile(`${folder}/log`, log);
    await compressLog(`${folder}/log`, `${folder}/log.gz`);
    const kept = await gunzip(await Deno.readFile(`${folder}/log.gz`));
    assertEquals(logLimits.head + logLimits.tail, 20 * megabyte);
    assertEquals(Math.round(kept.length / megabyte), 20);
    assertEquals([kept.slice(0, 5), kept.slice(-4)], ["first", "last"]);
  }));
