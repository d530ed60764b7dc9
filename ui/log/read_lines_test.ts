import { assertEquals } from "@std/assert";
import { findFailure } from "./failure.ts";
import {
  emptyIndex,
  extendIndex,
  lineCount,
  pieceBytes,
} from "./line_index.ts";
import { readLines } from "./read_lines.ts";

const encoder = new TextEncoder();

/** A log of lines of many lengths, and of characters of more than one byte. */
function sample(count: number): string[] {
  return Array.from(
    { length: count },
    (_, at) => `${at + 1} ${"é".repeat(at * 7919 % 300)}`,
  );
}

function open(text: string, chunkBytes = 1_000_000) {
  const bytes = encoder.encode(text);
  let index = emptyIndex;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    index = extendIndex(index, bytes.subarray(at, at + chunkBytes));
  }
  let readBytes = 0;
  const read = (start: number, end: number) => {
    readBytes += end - start;
    return Promise.resolve(bytes.subarray(start, end));
  };
  return { index, read, bytes, readBytes: () => readBytes };
}

Deno.test("every line of a log is found by its number, wherever pieces end", async () => {
  const lines = sample(3_000);
  const { index, read } = open(lines.join("\n") + "\n");
  assertEquals(lineCount(index), 3_000);
  for (const first of [1, 2, 250, 251, 999, 1_000, 2_501, 2_999, 3_000]) {
    const found = await readLines(read, index, first, 400);
    assertEquals(
      found.map(({ text }) => text),
      lines.slice(first - 1, first + 399),
    );
    assertEquals(found[0]?.number, first);
  }
  assertEquals(await readLines(read, index, 3_001, 10), []);
});

Deno.test("an index is the same however the log came in", () => {
  const text = sample(2_000).join("\n");
  const whole = open(text).index;
  for (const chunkBytes of [1_000, 65_535, 65_536, 65_537]) {
    assertEquals(open(text, chunkBytes).index, whole);
  }
  assertEquals(lineCount(whole), 2_000);
  assertEquals(lineCount(emptyIndex), 0);
});

Deno.test("a line without its end, and an empty one, are lines", async () => {
  const { index, read } = open("a\n\nb");
  assertEquals(lineCount(index), 3);
  const found = await readLines(read, index, 1, 10);
  assertEquals(found.map(({ text }) => text), ["a", "", "b"]);
});

Deno.test("of a line of megabytes only the beginning is read and shown, and lines after it are found", async () => {
  const long = "x".repeat(40 * pieceBytes);
  const { index, read, readBytes } = open(`first\n${long}\nlast\n`);
  const found = await readLines(read, index, 1, 3);
  assertEquals(found.map(({ text }) => text.length), [5, 4_000, 4]);
  assertEquals(found[1]?.hiddenBytes, long.length - 4_000);
  assertEquals(readBytes() <= 3 * pieceBytes, true, String(readBytes()));
});

Deno.test("the first line that says that something failed is found, in small logs and in large ones", async () => {
  const noise = "all is well\n".repeat(100_000);
  const { read, bytes } = open(
    `${noise}make: *** [Makefile:3: all] Error 1\nFAIL\n`,
  );
  assertEquals(await findFailure(read, bytes.length), {
    kind: "found",
    line: 100_001,
  });
  const clean = open(noise);
  assertEquals(await findFailure(clean.read, clean.bytes.length), {
    kind: "none",
  });
  const counted = open(
    "15 passed | 0 failed\n10 tests 0 failed\n1 of 3 checks failed\n",
  );
  assertEquals(await findFailure(counted.read, counted.bytes.length), {
    kind: "found",
    line: 3,
  });
  const short = open("0 failures\nerrors: none\nError: it broke");
  assertEquals(await findFailure(short.read, short.bytes.length), {
    kind: "found",
    line: 3,
  });
});
