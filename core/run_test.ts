import { assertEquals } from "@std/assert";
import { endStates, isEnd, nextStates, runStates } from "./run.ts";

Deno.test("the five ends lead nowhere, every other state leads to an end", () => {
  for (const state of runStates) {
    const isFinal = endStates.some((end) => end === state);
    assertEquals(isEnd(state), isFinal);
    assertEquals(nextStates[state].includes("errored"), !isFinal);
  }
});

Deno.test("a run passes or fails only once a runner has it", () => {
  const before = runStates.filter((state) =>
    nextStates[state].includes("passed")
  );
  assertEquals(before, ["claimed", "running"]);
});

Deno.test("an attempt that failed for a while leads back to a queue, by way of waiting for its time", () => {
  const before = runStates.filter((state) =>
    nextStates[state].includes("scheduled")
  );
  assertEquals(before, ["claimed", "running"]);
  assertEquals(nextStates.scheduled.includes("queued"), true);
  assertEquals(nextStates.scheduled.includes("claimed"), false);
});
