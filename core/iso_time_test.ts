import { assertEquals, assertThrows } from "@std/assert";
import { toIso } from "./iso_time.ts";

Deno.test("a moment is written as Date writes it, in any order of days", () => {
  const day = 86_400_000;
  const moments = [
    0,
    -1,
    day - 1,
    day,
    1_795_331_134_007,
    951_782_399_999, // the end of 28 February 2000
    951_782_400_000,
    -62_198_755_200_000, // before the year 0
    253_402_300_800_000, // the year 10000
    8_640_000_000_000_000,
    -8_640_000_000_000_000,
  ];
  for (const epochMs of [...moments, ...moments.toReversed()]) {
    assertEquals(toIso(epochMs), new Date(epochMs).toISOString());
  }
});

Deno.test("what is no moment is refused", () => {
  for (const epochMs of [NaN, Infinity, 8_640_000_086_400_000]) {
    assertThrows(() => toIso(epochMs), RangeError);
  }
  assertEquals(toIso(5), "1970-01-01T00:00:00.005Z");
});
