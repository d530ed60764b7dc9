import { assertEquals, assertThrows } from "@std/assert";
import { distributionOf } from "./distribution.ts";

Deno.test("distributionOf() names samples by their rank, whatever their order", () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
  assertEquals(distributionOf(samples), {
    count: 200,
    min: 1,
    p50: 100,
    p95: 190,
    p99: 198,
    max: 200,
  });
});

Deno.test("distributionOf() of one sample is that sample", () => {
  const { min, p50, p99, max } = distributionOf([7]);
  assertEquals([min, p50, p99, max], [7, 7, 7, 7]);
});

Deno.test("distributionOf() refuses to sum up nothing", () => {
  assertThrows(() => distributionOf([]), RangeError, "no samples");
});
