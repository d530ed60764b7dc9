import { assert, assertEquals } from "@std/assert";
import {
  aborted,
  type Bench,
  exited,
  leaseMs,
  passed,
  submission,
} from "./bench.ts";

/** What the store guarantees of leases that ran out, whatever happens while they are looked at. */
export async function testLeases(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store, clock } = bench;
  const state = async (id: string) => (await store.runs.find(id))?.state;

  await t.step(
    "a runner that speaks while its run is taken back keeps it",
    async () => {
      const { run, fence } = await bench.submitAndStart("late heartbeat");
      clock.now += leaseMs + 1;
      const silent = await store.leases.expired();
      assert(silent.some(({ id }) => id === run.id));
      assert(await store.attempts.heartbeat(fence) !== null);
      await bench.takeBack(silent);
      assertEquals(await state(run.id), "running");
      await store.attempts.finish(fence, exited, passed);
    },
  );

  await t.step(
    "a result that comes while its run is taken back stays",
    async () => {
      const { run, fence } = await bench.submitAndStart("late result");
      clock.now += leaseMs + 1;
      const silent = await store.leases.expired();
      await store.attempts.finish(fence, exited, passed);
      await bench.takeBack(silent);
      assertEquals(await state(run.id), "passed");
    },
  );

  await t.step(
    "what was read of one attempt takes no later one back",
    async () => {
      const { run } = await bench.submitAndStart("read before");
      clock.now += leaseMs + 1;
      const silent = await store.leases.expired();
      await bench.takeBack(silent);
      const { fence } = await bench.claim();
      await store.attempts.start(fence);
      clock.now += leaseMs + 1;
      await bench.takeBack(silent);
      const found = await store.runs.find(run.id);
      assertEquals([found?.state, found?.lostAttempts], ["running", 1]);
      await store.attempts.finish(fence, exited, passed);
    },
  );

  await t.step(
    "a cancel that comes while a run is taken back is carried out",
    async () => {
      const { run, fence } = await bench.submitAndStart("late cancel");
      clock.now += leaseMs + 1;
      const silent = await store.leases.expired();
      await store.attempts.cancel(run.id, aborted);
      await bench.takeBack(silent);
      const found = await store.runs.find(run.id);
      assertEquals(
        [found?.state, found?.end, found?.message, found?.finishedAt],
        ["aborted", { kind: "cancelled" }, aborted.message, clock.now],
      );
      assertEquals(await store.attempts.finish(fence, exited, passed), null);
    },
  );

  await t.step("many are taken back at once, each as it stands", async () => {
    const jobs = ["unstarted", "silent", "unwanted"];
    await store.runs.submit("dummy", bench.owner, jobs.map(submission));
    const claims = [
      await bench.claim(),
      await bench.claim(),
      await bench.claim(),
    ];
    for (const { fence } of claims.slice(1)) await store.attempts.start(fence);
    await store.attempts.cancel(claims[2]?.run?.id ?? "", aborted);
    clock.now += leaseMs + 1;
    await bench.takeBackExpired();
    const found = await Promise.all(
      claims.map(({ run }) => store.runs.find(run?.id ?? "")),
    );
    assertEquals(
      found.map((run) => [run?.job, run?.state, run?.lostAttempts]),
      [["unstarted", "queued", 0], ["silent", "queued", 1], [
        "unwanted",
        "aborted",
        0,
      ]],
    );
    for (const run of found) {
      await store.attempts.cancel(run?.id ?? "", aborted);
    }
  });
}
