import { assert, assertEquals } from "@std/assert";
import { endStates } from "../../../core/run.ts";
import { outcome, statusOf } from "./outcome.ts";

const documented = [
  [0, "pass", "All tests passed"],
  [2, "pass", "Tests passed, but at least one test skipped"],
  [4, "fail", "Tests failed"],
  [6, "fail", "Tests failed, and at least one test skipped"],
  [8, "neutral", "No tests in this package or all skipped"],
  [12, "fail", "Erroneous package"],
  [14, "fail", "Erroneous package"],
  [16, "tmpfail", "Could not run tests due to a temporary testbed failure"],
  [20, "tmpfail", "Unexpected autopkgtest exit code 20"],
  [99, "tmpfail", "Unexpected autopkgtest exit code 99"],
] as const;

for (const [exitCode, status, message] of documented) {
  Deno.test(`exit code ${exitCode} is ${status}`, () => {
    const made = outcome({ kind: "exited", exitCode });
    assertEquals([statusOf[made.state], made.message], [status, message]);
  });
}

Deno.test("a failed testbed and exit codes that autopkgtest does not have are temporary, others are not", () => {
  const temporary = [0, 2, 4, 6, 8, 12, 14, 16, 1, 20, 99, 137].filter(
    (exitCode) => outcome({ kind: "exited", exitCode }).isTemporary,
  );
  assertEquals(temporary, [16, 1, 20, 99, 137]);
});

Deno.test("every exit code has an outcome with a message", () => {
  for (let exitCode = 0; exitCode <= 255; exitCode++) {
    const made = outcome({ kind: "exited", exitCode });
    assert(endStates.includes(made.state) && made.message !== "");
  }
});

Deno.test("what says nothing about the package is no failure of it", () => {
  const ends = [
    { kind: "timed_out", timeoutSeconds: 7 },
    { kind: "not_started", reason: "there is no such package" },
    { kind: "lost" },
    { kind: "cancelled" },
  ] as const;
  assertEquals(ends.map(outcome), [
    { state: "errored", message: "Stopped after 7 seconds" },
    { state: "errored", message: "there is no such package" },
    { state: "errored", message: "The runner fell silent" },
    { state: "aborted", message: "Cancelled" },
  ]);
});
