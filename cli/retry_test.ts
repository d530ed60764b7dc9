import { assert, assertEquals } from "@std/assert";
import { Refused, Unreachable, UsageError } from "./failure.ts";
import { backoffMs, retryDelayMs, type Trouble } from "./retry.ts";

/** How long to wait, with 30 s of patience. */
function delay(error: unknown, trouble: Partial<Trouble> = {}): number | null {
  return retryDelayMs({
    error,
    failures: 1,
    elapsedMs: 0,
    patienceMs: 30_000,
    isRepeatable: true,
    ...trouble,
  }, () => 1);
}

Deno.test("what may pass is tried again, everything else is not", () => {
  for (const status of [429, 502, 503, 504]) {
    assertEquals(delay(new Refused("", status)), 250, String(status));
  }
  for (const status of [400, 401, 403, 404, 409, 422, 500]) {
    assertEquals(delay(new Refused("", status)), null, String(status));
  }
  assertEquals(delay(new UsageError("")), null);
});

Deno.test("Retry-After is honoured, unless it is longer than the patience", () => {
  assertEquals(delay(new Refused("", 429, 5_000)), 5_000);
  assertEquals(delay(new Refused("", 429, 31_000)), null);
  assertEquals(delay(new Refused("", 429, 5_000), { elapsedMs: 26_000 }), null);
  assertEquals(delay(new Refused("", 409, 1_000)), 1_000);
});

Deno.test("what must not happen twice is tried again only if it surely did not happen", () => {
  const once = { isRepeatable: false };
  assertEquals(delay(new Unreachable("", true), once), null);
  assertEquals(delay(new Unreachable("", false), once), 250);
  assertEquals(delay(new Refused("", 503), once), null);
  assertEquals(delay(new Refused("", 429, 1_000), once), 1_000);
});

Deno.test("waits grow, and no two callers wait alike", () => {
  const waits = [0, 1, 2, 3, 10, 2_000].map((n) => backoffMs(n, () => 1));
  assertEquals(waits, [250, 500, 1_000, 2_000, 15_000, 15_000]);
  assert(backoffMs(3, () => 0) < backoffMs(3, () => 0.5));
});
