import { assertEquals } from "@std/assert";
import type { RunnerFacts } from "../../core/administration.ts";
import { toQueueFacts } from "./queue_facts.ts";

const now = 10_000_000;

function runner(id: string, more: Partial<RunnerFacts> = {}): RunnerFacts {
  return {
    id,
    name: id,
    offers: [{ backend: ["prow"], arch: ["amd64"] }],
    version: "1",
    state: "active",
    registeredAt: 0,
    seenAt: now,
    ...more,
  };
}

function facts(runners: readonly RunnerFacts[], arch = "amd64") {
  const labels = { backend: "prow", arch };
  const [found] = toQueueFacts({
    queues: [{ labels, length: 3, oldestAt: 0 }],
    shares: [],
    runners,
    inHand: new Map([["busy", 1]]),
    now,
  });
  const names = (list: readonly RunnerFacts[] = []) => list.map(({ id }) => id);
  return {
    served: names(found?.served),
    paused: names(found?.paused),
    silent: names(found?.silent),
    missing: found?.missing,
  };
}

Deno.test("a queue is served by runners that ask for work or have some, not by those that are paused, silent or shut out", () => {
  assertEquals(
    facts([
      runner("idle"),
      runner("busy", { seenAt: 0 }),
      runner("silent", { seenAt: 0 }),
      runner("paused", { state: "paused" }),
      runner("gone", { state: "revoked" }),
    ]),
    {
      served: ["idle", "busy"],
      paused: ["paused"],
      silent: ["silent"],
      missing: {},
    },
  );
});

Deno.test("a queue that no runner serves says what the nearest one lacks", () => {
  const nobody = { served: [], paused: [], silent: [] };
  assertEquals(facts([runner("idle")], "riscv64"), {
    ...nobody,
    missing: { arch: "riscv64" },
  });
  assertEquals(facts([]), {
    ...nobody,
    missing: { backend: "prow", arch: "amd64" },
  });
});
