import { assertEquals } from "@std/assert";
import type { End, EndState } from "../../../core/run.ts";
import { outcome } from "./outcome.ts";

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
