import { assertEquals } from "@std/assert";
import { durationText } from "./duration_text.ts";

const cases: readonly (readonly [number, string])[] = [
  [0, "0s"],
  [1.5, "1.5s"],
  [59, "59s"],
  [60, "1m0s"],
  [63, "1m3s"],
  [3600, "1h0m0s"],
  [86_400, "24h0m0s"],
  [90_061.25, "25h1m1.25s"],
];

for (const [seconds, text] of cases) {
  Deno.test(`durationText() writes ${seconds} s as Go does: ${text}`, () => {
    assertEquals(durationText(seconds), text);
  });
}
