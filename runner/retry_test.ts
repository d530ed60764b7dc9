import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { FakeClock } from "./testing/fake_clock.ts";
import { backoffMs, retry, Retryable, retryAfterMs } from "./retry.ts";

const always = { random: () => 1, giveUpAfterMs: Infinity };

/** Fails so many times before it succeeds. */
function failing(times: number, error: Error = new Retryable("busy")) {
  let calls = 0;
  return () => {
    calls++;
    return calls > times ? Promise.resolve(calls) : Promise.reject(error);
  };
}

Deno.test("retry() waits twice as long after each failure, a minute at most", async () => {
  const clock = new FakeClock();
  assertEquals(await retry(failing(10), { ...always, clock }), 11);
  assertEquals(
    clock.slept,
    [250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
  );
});

Deno.test("backoffMs() spreads over the whole range", () => {
  assertEquals(backoffMs(3, () => 0), 0);
  assertEquals(backoffMs(3, () => 0.5), 1000);
  assertLessOrEqual(backoffMs(1000, () => 1), 60_000);
});

Deno.test("retry() waits as long as the server asked for", async () => {
  const clock = new FakeClock();
  await retry(failing(2, new Retryable("busy", 90_000)), { ...always, clock });
  assertEquals(clock.slept, [90_000, 90_000]);
});

Deno.test("retry() gives up with the last failure rather than wait too long", async () => {
  const clock = new FakeClock();
  await assertRejects(
    () => retry(failing(99), { ...always, clock, giveUpAfterMs: 10_000 }),
    Retryable,
    "busy",
  );
  assertLessOrEqual(clock.elapsedMs(), 10_000);
});

Deno.test("retry() does not repeat what cannot get better", async () => {
  const clock = new FakeClock();
  await assertRejects(
    () => retry(failing(1, new RangeError("no")), { ...always, clock }),
    RangeError,
  );
  assertEquals(clock.slept, []);
});

Deno.test("retry() ends with its signal", async () => {
  const stop = new AbortController();
  await assertRejects(
    () =>
      retry(failing(99), {
        ...always,
        clock: new FakeClock(),
        signal: stop.signal,
        onRetry: () => stop.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
});

Deno.test("Retry-After is read as seconds or as a date", () => {
  const now = Date.UTC(2026, 0, 1, 12);
  assertEquals(retryAfterMs("7", now), 7000);
  assertEquals(retryAfterMs("Thu, 01 Jan 2026 12:00:30 GMT", now), 30_000);
  assertEquals(retryAfterMs("Thu, 01 Jan 2026 11:00:00 GMT", now), 0);
  assertEquals(retryAfterMs("soon", now), 0);
  assertEquals(retryAfterMs(null, now), 0);
  assertEquals(retryAfterMs("999999999", now), 600_000);
});
