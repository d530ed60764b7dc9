import { assertEquals } from "@std/assert";
import { Bell } from "./bell.ts";

/** A signal that counts who listens to it. */
function countedSignal(): { signal: AbortSignal; count(): number } {
  const { signal } = new AbortController();
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...parts: unknown[]) => {
    count++;
    Reflect.apply(addEventListener, signal, parts);
  };
  signal.removeEventListener = (...parts: unknown[]) => {
    count--;
    Reflect.apply(removeEventListener, signal, parts);
  };
  return { signal, count: () => count };
}

Deno.test("a wait that is over leaves nothing on the signal of who may go", async () => {
  const bell = new Bell<string>();
  const { signal, count } = countedSignal();
  for (let turn = 0; turn < 3; turn++) {
    using listening = bell.listen("a");
    const waiting = listening.wait(60_000, signal);
    assertEquals(count(), 1);
    bell.ring(() => true);
    await waiting;
  }
  assertEquals(count(), 0);
});

Deno.test("a wait ends when its asker goes, also one that had gone before", async () => {
  const bell = new Bell<string>();
  const leaving = new AbortController();
  {
    using listening = bell.listen("a");
    const waiting = listening.wait(60_000, leaving.signal);
    leaving.abort();
    await waiting;
    assertEquals(listening.hasRung, false);
  }
  using late = bell.listen("a");
  await late.wait(60_000, leaving.signal);
});

Deno.test("ringOne() wakes who has listened for longest, each once", () => {
  const bell = new Bell<string>();
  using other = bell.listen("b");
  using first = bell.listen("a");
  using second = bell.listen("a");
  const rung = () => [other, first, second].map(({ hasRung }) => hasRung);
  bell.ringOne((tag) => tag === "a");
  assertEquals(rung(), [false, true, false]);
  bell.ringOne((tag) => tag === "a");
  assertEquals(rung(), [false, true, true]);
});
