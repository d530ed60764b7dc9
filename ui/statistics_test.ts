import { assertEquals } from "@std/assert";
import { passRate } from "./statistics.tsx";

Deno.test("a pass rate is rounded to the nearest, and is 100 only when all passed and 0 only when none did", () => {
  const cases = [
    [3, 7, "42.9 %"],
    [1, 3, "33.3 %"],
    [1, 2, "50 %"],
    [7, 7, "100 %"],
    [9_999, 10_000, "99.9 %"],
    [0, 7, "0 %"],
    [1, 10_000, "0.1 %"],
  ] as const;
  for (const [good, judged, rate] of cases) {
    assertEquals(passRate(good, judged), rate);
  }
});
