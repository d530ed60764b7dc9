import { assert, assertEquals } from "@std/assert";
import { histogram, median } from "./histogram.ts";

Deno.test("each duration is in one bin, whose limits hold it", () => {
  const durations = [0, 1, 999, 1_000, 1_001, 59_999, 3_600_000];
  const bins = histogram(durations);
  for (const { fromMs, toMs, count } of bins) {
    const inside = durations.filter((each) => each >= fromMs && each < toMs);
    assertEquals(count, inside.length);
  }
  assertEquals(bins.reduce((sum, { count }) => sum + count, 0), 7);
});

Deno.test("one that hung does not press all others into the first bin", () => {
  const usual = Array.from({ length: 200 }, (_, at) => 10_000 + at * 100);
  const bins = histogram([...usual, 86_400_000]);
  assert(bins.filter(({ count }) => count > 0).length >= 10);
  assert((bins.at(-1)?.toMs ?? 0) > 86_400_000);
});

Deno.test("there are never more bins than a picture can show, and none of nothing", () => {
  assertEquals(histogram([]), []);
  assertEquals(histogram([0]).length, 1);
  for (const longest of [1, 50, 3_000, 86_400_000, 1e12]) {
    assert(histogram([longest, longest / 2]).length <= 25, String(longest));
  }
});

Deno.test("half of the durations are at most the median", () => {
  assertEquals(median([]), null);
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2);
});
