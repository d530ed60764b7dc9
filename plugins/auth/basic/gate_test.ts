import { assertEquals, assertRejects } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import { createGate } from "./gate.ts";

function countingWork() {
  const seen = { inside: 0, most: 0, done: 0 };
  const work = async () => {
    seen.most = Math.max(seen.most, ++seen.inside);
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.inside--;
    seen.done++;
  };
  return { seen, work };
}

Deno.test("a gate never lets in more than its number, and serves everybody in line", async () => {
  const gate = createGate({ concurrent: 2, waiting: 100 });
  const { seen, work } = countingWork();
  await Promise.all(Array.from({ length: 20 }, () => gate(work)));
  assertEquals(seen, { inside: 0, most: 2, done: 20 });
});

Deno.test("who finds the line full is refused and told when to come back", async () => {
  const gate = createGate({ concurrent: 1, waiting: 0 });
  const { work } = countingWork();
  const first = gate(work);
  const error = await assertRejects(() => gate(work), ApiError);
  assertEquals(error.status, 429);
  assertEquals(error.options.headers?.["retry-after"], "5");
  await first;
  await gate(work);
});

Deno.test("work that fails gives its place free", async () => {
  const gate = createGate({ concurrent: 1, waiting: 10 });
  const failing = () => Promise.reject(new TypeError("no"));
  const { seen, work } = countingWork();
  const settled = await Promise.allSettled([gate(failing), gate(work)]);
  assertEquals(settled.map(({ status }) => status), ["rejected", "fulfilled"]);
  await gate(work);
  assertEquals(seen.done, 2);
});
