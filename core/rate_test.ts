import { assertEquals } from "@std/assert";
import { type Allowance, takeOne } from "./rate.ts";

const policy = { requests: 3, windowSeconds: 60 };

Deno.test("takeOne() admits a whole window at once, then one at a time as the allowance refills", () => {
  let allowance: Allowance | undefined;
  const ask = (now: number) => {
    const verdict = takeOne(policy, allowance, now);
    allowance = verdict.allowance;
    return verdict;
  };
  assertEquals(
    [ask(0), ask(0), ask(0)].map((
      { isAdmitted, remaining },
    ) => [isAdmitted, remaining]),
    [
      [true, 2],
      [true, 1],
      [true, 0],
    ],
  );
  const refused = ask(0);
  assertEquals([
    refused.isAdmitted,
    refused.retryAfterSeconds,
    refused.resetSeconds,
  ], [false, 20, 60]);
  assertEquals(ask(19_999).isAdmitted, false);
  assertEquals(ask(20_000).isAdmitted, true);
});

Deno.test("takeOne() never gives more than a window, and takes nothing when the clock goes back", () => {
  const full = takeOne(policy, { left: 0, at: 0 }, 3_600_000);
  assertEquals(full.remaining, 2);
  assertEquals(takeOne(policy, { left: 2, at: 1_000_000 }, 0).remaining, 1);
});
