import { assertEquals } from "@std/assert";
import { duration, relative } from "./time.tsx";

Deno.test("spans of time have their two largest units", () => {
  const written: readonly (readonly [number, string])[] = [
    [0, "0 ms"],
    [999, "999 ms"],
    [1_000, "1.0 s"],
    [9_999, "9.9 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [61_000, "1 min 1 s"],
    [3_780_000, "1 h 3 min"],
    [90_000_000, "1 d 1 h"],
  ];
  for (const [ms, text] of written) assertEquals(duration(ms), text);
});

Deno.test("moments are told from now", () => {
  assertEquals(relative(1_000, 1_500), "now");
  assertEquals(relative(0, 180_000), "3 min ago");
  assertEquals(relative(7_200_000, 0), "in 2 h");
});
