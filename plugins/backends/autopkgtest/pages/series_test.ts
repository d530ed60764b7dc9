import { assertEquals } from "@std/assert";
import { areaOf, describe } from "./chart.tsx";
import { toPoints, totalOf } from "./series.ts";

const none = { passed: 0, neutral: 0, failed: 0, errored: 0 };

Deno.test("points are the sums of the changes so far", () => {
  const points = toPoints([
    { ...none, passed: 3 },
    none,
    { ...none, passed: -1, failed: 1, errored: 2 },
  ]);
  assertEquals(points, [
    { ...none, passed: 3 },
    { ...none, passed: 3 },
    { ...none, passed: 2, failed: 1, errored: 2 },
  ]);
  assertEquals(points.map(totalOf), [3, 3, 5]);
  assertEquals(toPoints([]), []);
});

Deno.test("an area goes up to its state and those below it, on the same scale for all", () => {
  const points = [
    { ...none, passed: 2 },
    { ...none, passed: 1, failed: 2, errored: 1 },
  ];
  assertEquals(areaOf(points, "passed", 4), "M0,100L0,50 1,75V100Z");
  assertEquals(areaOf(points, "neutral", 4), "M0,100L0,50 1,75V100Z");
  assertEquals(areaOf(points, "failed", 4), "M0,100L0,50 1,25V100Z");
  assertEquals(areaOf(points, "errored", 4), "M0,100L0,50 1,0V100Z");
});

Deno.test("counts are told in words, without those that are nothing", () => {
  assertEquals(
    describe({ ...none, passed: 2, errored: 1 }),
    "2 passed, 1 errored",
  );
  assertEquals(describe(none), "no result");
});
