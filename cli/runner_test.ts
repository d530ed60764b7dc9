import { assertEquals, assertThrows } from "@std/assert";
import { drainLine } from "./commands/runner_drain.ts";
import { UsageError } from "./failure.ts";
import { pickRunner, type Runner } from "./runner.ts";

const now = 10_000_000;

function runner(id: string, parts: Partial<Runner> = {}): Runner {
  return {
    id,
    name: "ci-1",
    state: "active",
    offers: [],
    version: "1",
    registeredAt: 0,
    seenAt: now,
    running: 0,
    runs: [],
    ...parts,
  };
}

Deno.test("of several runners of a name the one that is there is meant", () => {
  const gone = runner("gone", { seenAt: now - 3_600_000 });
  const out = runner("out", { state: "revoked" });
  const live = runner("live", { state: "paused" });
  const other = runner("other", { name: "ci-2" });
  const pick = (...runners: Runner[]) => pickRunner(runners, "ci-1", now).id;
  assertEquals(pick(gone, out, live, other), "live");
  assertEquals(pick(gone, other), "gone");
  assertThrows(() => pick(other), UsageError, 'There is no runner "ci-1"');
  assertThrows(
    () => pick(live, runner("second")),
    UsageError,
    "use one of live, second",
  );
});

Deno.test("what a drained runner still runs is told, and its name steers nothing", () => {
  const state = "paused";
  assertEquals(
    drainLine(runner("a", { state, running: 2, runs: [7, 8] })),
    "Runner ci-1 is paused and has 2 runs (7, 8).",
  );
  assertEquals(
    drainLine(runner("a", { state, running: 1, name: "x\x1b[2J" })),
    "Runner x\\u{1b}[2J is paused and has one run.",
  );
  assertEquals(
    drainLine(runner("a", { state })),
    "Runner ci-1 is paused and has nothing to do.",
  );
});
