import { assertEquals, assertRejects } from "@std/assert";
import { Failure, Interrupted } from "./failure.ts";
import { applyBackspaces, createInput } from "./input.ts";

/** Input that brings these pieces, and what it was asked and set to. */
function given(pieces: readonly string[], isTerminal: boolean) {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const raw: boolean[] = [];
  const said: string[] = [];
  const stream = {
    isTerminal: () => isTerminal,
    setRaw: (isRaw: boolean) => void raw.push(isRaw),
    read(into: Uint8Array) {
      const piece = left.shift();
      if (piece === undefined) return Promise.resolve(null);
      into.set(piece);
      return Promise.resolve(piece.byteLength);
    },
  };
  const { signal } = new AbortController();
  const input = createInput(stream, (text) => void said.push(text), signal);
  return { input, raw, said };
}

Deno.test("a secret is the first line of a pipe, without its spaces", async () => {
  const { input, said } = given(["a.b", ".c \n", "more\n"], false);
  assertEquals([await input.readSecret("?"), said], ["a.b.c", []]);
});

Deno.test("a secret at a terminal is not shown, and may be corrected", async () => {
  const { input, raw, said } = given(["ab", "x\x7fc", "\r"], true);
  assertEquals(await input.readSecret("Token: "), "abc");
  assertEquals([raw, said], [[true, false], ["Token: ", "\n"]]);
  assertEquals(applyBackspaces("\x7fa\b\bb"), "b");
});

Deno.test("Ctrl-C at the prompt gives the terminal back", async () => {
  const { input, raw } = given(["ab\x03"], true);
  await assertRejects(() => input.readSecret("?"), Interrupted);
  assertEquals(raw, [true, false]);
});

Deno.test("a file that is no credential is not read to its end", async () => {
  const { input } = given(Array(20).fill("x".repeat(1_000)), false);
  await assertRejects(() => input.readSecret("?"), Failure, "longer than any");
});
