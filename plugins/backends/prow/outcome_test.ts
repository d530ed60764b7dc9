import { assertEquals } from "@std/assert";
import type { End, EndState, Run } from "../../../core/run.ts";
import { describe, outcome } from "./outcome.ts";

const ends: readonly (readonly [End, EndState, string])[] = [
  [{ kind: "exited", exitCode: 0 }, "passed", "Job succeeded."],
  [{ kind: "exited", exitCode: 1 }, "failed", "Job failed."],
  [{ kind: "exited", exitCode: 137 }, "failed", "Job failed."],
  [
    { kind: "timed_out", timeoutSeconds: 60 },
    "failed",
    "Job failed: it was stopped after its timeout of 60 s.",
  ],
  [{ kind: "cancelled" }, "aborted", "Job aborted."],
  [
    { kind: "not_started", reason: "no such command" },
    "errored",
    "Job cannot start: no such command",
  ],
  [{ kind: "lost" }, "errored", "Job lost: its runner fell silent."],
];

for (const [end, state, message] of ends) {
  Deno.test(`an end ${JSON.stringify(end)} is ${state}`, () => {
    assertEquals(outcome(end), { state, message });
  });
}

const run: Run = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  number: 7,
  backend: "prow",
  job: "periodic-ci-x",
  owner: { account: 1, name: "a" },
  isPrivate: false,
  request: { type: "periodic" },
  task: {},
  labels: {},
  priority: 0,
  state: "queued",
  attempt: 0,
  lostAttempts: 0,
  runnerId: null,
  cancelRequestedAt: null,
  createdAt: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
  queuedAt: 0,
  notBefore: null,
  claimedAt: null,
  startedAt: null,
  finishedAt: null,
  updatedAt: 0,
  end: null,
  message: null,
  logBytes: 0,
};

Deno.test("a run is titled by its job alone, and its number is a fact", () => {
  const { title, facts } = describe(run);
  assertEquals(title, "periodic-ci-x");
  const build = facts.find(({ name }) => name === "Build");
  assertEquals(build?.value, "7");
});
