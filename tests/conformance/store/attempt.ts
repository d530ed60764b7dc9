import { assert, assertEquals } from "@std/assert";
import { maxLostAttempts } from "../../../db/lease_store.ts";
import {
  aborted,
  ackMs,
  type Bench,
  encode,
  exited,
  leaseMs,
  passed,
  submission,
} from "./bench.ts";

/** What the store guarantees of attempts, their leases and their ends. */
export async function testAttempts(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store, clock } = bench;

  await t.step(
    "an end is final: told again it is the same, told otherwise it is refused",
    async () => {
      const { run, fence } = await bench.submitAndStart("final");
      assertEquals(
        (await store.attempts.finish(fence, exited, passed))?.state,
        "passed",
      );
      assertEquals(
        (await store.attempts.finish(fence, exited, passed))?.state,
        "passed",
      );
      const other = { kind: "exited", exitCode: 1 } as const;
      assertEquals(
        await store.attempts.finish(fence, other, {
          state: "failed",
          message: "",
        }),
        null,
      );
      assertEquals(await store.attempts.heartbeat(fence), null);
      await store.attempts.cancel(run.id, aborted);
      assertEquals((await store.runs.find(run.id))?.state, "passed");
    },
  );

  await t.step(
    "a claim that is not taken up goes back uncounted",
    async () => {
      await store.runs.submit("dummy", bench.owner, [
        submission("unacknowledged"),
      ]);
      const first = await bench.claim();
      clock.now += ackMs + 1;
      await bench.takeBackExpired();
      const second = await bench.claim();
      assertEquals(second.run?.id, first.run?.id);
      assertEquals(second.run?.lostAttempts, 0);
      assertEquals(
        await store.attempts.start(first.fence),
        null,
        "the first runner comes too late",
      );
      await store.attempts.finish(second.fence, exited, passed);
    },
  );

  await t.step(
    "a lost runner's run is claimed again, and the zombie changes nothing",
    async () => {
      const zombie = await bench.submitAndStart("zombie");
      clock.now += leaseMs + 1;
      await bench.takeBackExpired();
      assertEquals((await store.runs.find(zombie.run.id))?.state, "queued");
      const { run, fence } = await bench.claim();
      assertEquals([run?.id, run?.attempt, run?.lostAttempts], [
        zombie.run.id,
        zombie.run.attempt + 1,
        1,
      ]);
      await store.attempts.start(fence);
      assertEquals(await store.attempts.heartbeat(zombie.fence), null);
      assertEquals(
        await store.attempts.finish(zombie.fence, exited, passed),
        null,
      );
      assertEquals(
        (await store.logs.append(zombie.fence, 0, encode("late"))).kind,
        "stale_attempt",
      );
      assertEquals((await store.runs.find(zombie.run.id))?.state, "running");
      await store.attempts.finish(fence, exited, passed);
    },
  );

  await t.step("a heartbeat keeps a run with its runner", async () => {
    const { run, fence } = await bench.submitAndStart("alive");
    for (let beat = 0; beat < 3; beat++) {
      clock.now += leaseMs - 1;
      assert(await store.attempts.heartbeat(fence) !== null);
      await bench.takeBackExpired();
    }
    assertEquals((await store.runs.find(run.id))?.state, "running");
    await store.attempts.finish(fence, exited, passed);
  });

  await t.step(
    "a run whose runners are lost again and again ends",
    async () => {
      const { id } = (await bench.submitAndStart("doomed")).run;
      for (let attempt = 1; attempt < maxLostAttempts; attempt++) {
        clock.now += leaseMs + 1;
        await bench.takeBackExpired();
        await store.attempts.start((await bench.claim()).fence);
      }
      clock.now += leaseMs + 1;
      await bench.takeBackExpired();
      const run = await store.runs.find(id);
      assertEquals([run?.state, run?.message, run?.end], ["errored", "lost", {
        kind: "lost",
      }]);
    },
  );

  await t.step("a released run is queued again", async () => {
    const { run, fence } = await bench.submitAndStart("released");
    assertEquals((await store.attempts.release(fence))?.state, "queued");
    const next = await bench.claim();
    assertEquals([next.run?.id, next.run?.lostAttempts], [run.id, 0]);
    await store.attempts.finish(next.fence, exited, passed);
  });
}
