import { assertEquals } from "@std/assert";
import { createRecordUse, type Use } from "./last_use.ts";

function start() {
  const written: (readonly Use[])[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const failures: unknown[] = [];
  const clock = { now: 1_000_000 };
  const record = createRecordUse({
    write: (uses) => {
      written.push(uses);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    },
    now: () => clock.now,
    failed: (_, cause) => failures.push(cause),
  });
  const use = (id: string, lastUsedAt: number | null = null) =>
    record({ id, lastUsedAt });
  return { written, gates, failures, clock, use };
}

Deno.test("uses that come while one is being written are written together", async () => {
  const { written, gates, clock, use } = start();
  const first = use("a");
  await Promise.resolve();
  const others = ["b", "c", "d", "b"].map((id) => use(id));
  gates[0]?.resolve();
  await first;
  // The next write starts once the first one is done.
  while (gates.length < 2) await Promise.resolve();
  gates[1]?.resolve();
  await Promise.all(others);
  assertEquals(
    written,
    [["a"], ["b", "c", "d"]].map((ids) =>
      ids.map((id) => ({ id, at: clock.now }))
    ),
  );
});

Deno.test("a use within a minute after a recorded one is not written", async () => {
  const { written, clock, use } = start();
  await use("a", clock.now - 59_999);
  assertEquals(written, []);
});

Deno.test("a write that fails refuses nobody, and is tried again a minute later", async () => {
  const { written, gates, failures, clock, use } = start();
  const failing = use("a");
  while (gates.length < 1) await Promise.resolve();
  gates[0]?.reject("disk full");
  await failing;
  await use("a");
  assertEquals([written.length, failures], [1, ["disk full"]]);
  clock.now += 60_000;
  const again = use("a");
  while (gates.length < 2) await Promise.resolve();
  gates[1]?.resolve();
  await again;
  assertEquals(written.length, 2);
});
