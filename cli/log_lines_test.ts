import { assertEquals } from "@std/assert";
import { LogLines } from "./log_lines.ts";

/** All lines of a log that comes in these pieces. */
function linesOf(...pieces: string[]): string[] {
  const lines = new LogLines();
  return [...pieces.flatMap((piece) => lines.push(piece)), ...lines.end()];
}

Deno.test("a log's lines are the same however it is cut", () => {
  const whole = "one\ntwo\r\nthree\rfour\n\nfive";
  const expected = ["one", "two", "three", "four", "", "five"];
  assertEquals(linesOf(whole), expected);
  assertEquals(linesOf(...whole), expected);
  for (let at = 0; at < whole.length; at++) {
    assertEquals(linesOf(whole.slice(0, at), whole.slice(at)), expected);
  }
});

Deno.test("a line without end does not fill the memory", () => {
  const lines = linesOf(...Array.from({ length: 50 }, () => "x".repeat(9_999)));
  assertEquals(lines.join("").length, 50 * 9_999);
  assertEquals(Math.max(...lines.map(({ length }) => length)), 65_536);
});
