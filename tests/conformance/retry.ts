import { assertEquals } from "@std/assert";
import type { OpenedDatabase } from "./database.ts";
import { QueueBench } from "./queue_bench.ts";

/** What becomes of attempts that fail for a while, on every database. */
export function testRetry(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: a temporary failure is tried again later`, async (t) => {
    await using opened = await open();
    const bench = await QueueBench.create(opened);
    const { store, clock } = bench;
    const promote = async () =>
      (await store.schedule.promote()).map(({ id }) => id);
    const retried = { retryDelaysSeconds: [60, 600] };

    await t.step("after each delay, until none is left", async () => {
      const [made] = await bench.submit("alice", ["flaky"], retried);
      const id = made?.id ?? "";
      for (const [at, delaySeconds] of [60, 600].entries()) {
        const set = await bench.failForNow(await bench.claim());
        assertEquals(
          [set?.state, set?.notBefore, set?.message, set?.finishedAt, set?.end],
          [
            "scheduled",
            clock.now + delaySeconds * 1000,
            "no testbed",
            null,
            null,
          ],
        );
        assertEquals(set?.runnerId, null);
        clock.now += delaySeconds * 1000 - 1;
        assertEquals(await promote(), []);
        assertEquals(await bench.tryClaim(), null);
        clock.now += 1;
        assertEquals(await promote(), [id]);
        const queued = await bench.find(id);
        assertEquals(
          [queued.state, queued.queuedAt, queued.notBefore, queued.attempt],
          ["queued", clock.now, null, at + 1],
        );
        assertEquals(queued.message, "no testbed");
      }
      const last = await bench.failForNow(await bench.claim());
      assertEquals(
        [last?.state, last?.attempt, last?.lostAttempts, last?.end],
        ["errored", 3, 0, { kind: "exited", exitCode: 75 }],
      );
      await bench.clear();
    });

    await t.step("not without delays, nor after an end for good", async () => {
      await bench.submit("alice", ["once"]);
      assertEquals(
        (await bench.failForNow(await bench.claim()))?.state,
        "errored",
      );
      const [lasting] = await bench.submit("alice", ["lasting"], retried);
      await bench.finish(await bench.claim());
      assertEquals((await bench.find(lasting?.id ?? "")).state, "passed");
      await bench.clear();
    });

    await t.step("a repeated report changes nothing", async () => {
      const [made] = await bench.submit("alice", ["repeated"], retried);
      const first = await bench.claim();
      const set = await bench.failForNow(first);
      clock.now += 5;
      assertEquals(await bench.failForNow(first), set);
      assertEquals(await bench.find(made?.id ?? ""), set);
      assertEquals(await bench.failForNow(first, 1), null, "another end");
      assertEquals(await store.attempts.heartbeat(first.fence), null);
      clock.now += 60_000;
      await promote();
      const second = await bench.claim();
      const live = await bench.find(second.id);
      assertEquals(await bench.failForNow(first), live, "told very late");
      assertEquals(await bench.find(second.id), live);
      assertEquals([live.state, live.message], ["running", null]);
      await bench.clear();
    });

    await t.step("what is cancelled is never tried again", async () => {
      const stop = { state: "aborted", message: "stop" } as const;
      const [waiting] = await bench.submit("alice", ["waiting"], retried);
      await bench.failForNow(await bench.claim());
      await store.attempts.cancel(waiting?.id ?? "", stop);
      const cancelled = await bench.find(waiting?.id ?? "");
      assertEquals(
        [cancelled.state, cancelled.notBefore, cancelled.message],
        ["aborted", null, "stop"],
      );
      await bench.submit("alice", ["live"], retried);
      const live = await bench.claim();
      await store.attempts.cancel(live.id, stop);
      assertEquals((await bench.failForNow(live))?.state, "errored");
      clock.now += 1e9;
      assertEquals(await promote(), []);
      await bench.clear();
    });

    await t.step(
      "the log of the last try can be read until the next",
      async () => {
        const [made] = await bench.submit("alice", ["logged"], retried);
        const id = made?.id ?? "";
        const read = async () =>
          new TextDecoder().decode(await store.logs.read(await bench.find(id)));
        const first = await bench.claim();
        const bytes = new TextEncoder().encode("broken testbed");
        await store.logs.append(first.fence, 0, bytes);
        await bench.failForNow(first);
        assertEquals(await read(), "broken testbed");
        clock.now += 60_000;
        await promote();
        assertEquals(await read(), "broken testbed");
        await bench.claim();
        assertEquals(await read(), "");
        await bench.clear();
      },
    );

    await t.step("many retries at once delay nobody", async () => {
      await bench.submit("alice", Array(5).fill("a"), retried);
      await bench.claimAll();
      for (const claimed of bench.live.splice(0)) {
        await bench.failForNow(claimed);
      }
      clock.now += 60_000;
      await bench.submit("alice", ["a-new"]);
      await bench.submit("bob", ["b1", "b2"]);
      assertEquals((await promote()).length, 5);
      assertEquals(
        await bench.claimAll(),
        ["a-new", "b1", "a", "b2", "a", "a", "a", "a"],
      );
      await bench.clear();
    });
  });
}
