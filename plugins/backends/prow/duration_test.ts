import { assertEquals } from "@std/assert";
import { durationSeconds } from "./duration.ts";

const durations: readonly (readonly [string, number | null])[] = [
  ["2h", 7200],
  ["1h30m0s", 5400],
  ["1.5h", 5400],
  [".5s", 0.5],
  ["250ms", 0.25],
  ["-1m", -60],
  ["+15s", 15],
  ["0", 0],
  ["0s", 0],
  ["", null],
  ["-", null],
  ["5", null],
  ["1d", null],
  ["1h 5m", null],
  ["h", null],
  ["2562047h", 9223369200],
  ["2562048h", null],
  ["99999999999999h", null],
];

for (const [text, seconds] of durations) {
  Deno.test(`durationSeconds("${text}") is ${seconds}`, () => {
    assertEquals(durationSeconds(text), seconds);
  });
}
