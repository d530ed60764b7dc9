import { assertEquals } from "@std/assert";
import { type Bench, exited, passed, submission } from "./bench.ts";

/** What the store guarantees of claims. */
export async function testClaims(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store } = bench;

  await t.step(
    "a run is claimed once, however many ask at the same time",
    async () => {
      const runs = await store.runs.submit(
        "dummy",
        bench.owner,
        Array.from({ length: 5 }, () => submission("x")),
      );
      const claims = await Promise.all(
        Array.from({ length: 12 }, () => bench.claim()),
      );
      const got = claims.flatMap((claim) => claim.run ? [claim.run.id] : []);
      assertEquals(got.toSorted(), runs.map(({ id }) => id).toSorted());
      for (const claim of claims) {
        if (claim.run) {
          await store.attempts.finish(
            claim.fence,
            exited,
            passed,
          );
        }
      }
    },
  );

  await t.step("the higher priority goes first, then the older", async () => {
    await store.runs.submit("dummy", bench.owner, [
      submission("low"),
      { ...submission("high"), priority: 9 },
      {
        ...submission("other queue"),
        priority: 5,
        labels: { backend: "dummy", arch: "arm64" },
      },
      submission("low too"),
    ]);
    const order: (string | undefined)[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const { run, fence } = await bench.claim();
      order.push(run?.job);
      await store.attempts.finish(fence, exited, passed);
    }
    assertEquals(order, ["high", "other queue", "low", "low too"]);
  });

  await t.step("a runner gets only what it offers", async () => {
    const [run] = await store.runs.submit("dummy", bench.owner, [
      {
        ...submission("special"),
        labels: { backend: "dummy", arch: "riscv64" },
      },
    ]);
    const offer = { backend: ["dummy"], arch: ["amd64"] };
    assertEquals((await bench.claim({ offers: [offer] })).run, null);
    assertEquals(
      (await bench.claim({
        offers: [offer, { backend: ["dummy"], arch: ["riscv64"] }],
      })).run?.id,
      run?.id,
    );
  });

  await t.step(
    "the same claim gets the same run, and only its last token works",
    async () => {
      await store.runs.submit("dummy", bench.owner, [
        submission("one"),
        submission("two"),
      ]);
      const claimId = crypto.randomUUID();
      const first = await bench.claim({ claimId });
      const again = await bench.claim({ claimId });
      assertEquals(again.run?.id, first.run?.id);
      assertEquals(await store.attempts.start(first.fence), null);
      assertEquals(
        (await store.attempts.start(again.fence))?.state,
        "running",
      );
      await store.attempts.finish(again.fence, exited, passed);
      assertEquals(
        (await bench.claim({ claimId })).run,
        null,
        "a claim that was used up gets nothing",
      );
      await store.attempts.finish(
        (await bench.claim()).fence,
        exited,
        passed,
      );
    },
  );

  await t.step(
    "a claim repeated by another runner gets nothing of the first one's",
    async () => {
      const otherId = crypto.randomUUID();
      await store.runners.register({
        id: otherId,
        name: "other",
        offers: [],
        token: crypto.randomUUID(),
        version: "0",
      });
      await store.runs.submit("dummy", bench.owner, [submission("mine")]);
      const claimId = crypto.randomUUID();
      const mine = await bench.claim({ claimId });
      const theirs = await bench.claim({ claimId, runnerId: otherId });
      assertEquals([mine.run?.job, theirs.run], ["mine", null]);
      assertEquals(
        (await store.attempts.start(mine.fence))?.runnerId,
        bench.runnerId,
        "the first one's token still works",
      );
      await store.attempts.finish(mine.fence, exited, passed);
    },
  );

  await t.step(
    "a runner that is paused or shut out gets nothing, though it had asked before",
    async () => {
      const [run] = await store.runs.submit("dummy", bench.owner, [
        submission("later"),
      ]);
      for (const verb of ["pause", "revoke"] as const) {
        const runnerId = crypto.randomUUID();
        await store.runners.register({
          id: runnerId,
          name: "other",
          offers: [],
          token: crypto.randomUUID(),
          version: "0",
        });
        await store.runners[verb](runnerId);
        assertEquals((await bench.claim({ runnerId })).run, null, verb);
      }
      const { run: claimed, fence } = await bench.claim();
      assertEquals(claimed?.id, run?.id);
      await store.attempts.finish(fence, exited, passed);
    },
  );
}
