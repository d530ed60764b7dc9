import { assertEquals } from "@std/assert";
import { parseDurationMs } from "./duration.ts";

Deno.test("parseDurationMs() reads hours, days and weeks", () => {
  assertEquals(parseDurationMs("1h"), 3_600_000);
  assertEquals(parseDurationMs("90d"), 7_776_000_000);
  assertEquals(parseDurationMs("2w"), 1_209_600_000);
});

Deno.test("parseDurationMs() refuses everything else", () => {
  const bad = ["", "90", "d", "0d", "-1d", "1.5d", "90 d", "1m", "9999999w"];
  for (const text of bad) assertEquals(parseDurationMs(text), null);
});
