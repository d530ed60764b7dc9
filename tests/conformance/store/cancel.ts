import { assertEquals } from "@std/assert";
import type { RunState } from "../../../core/run.ts";
import { aborted, type Bench, submission } from "./bench.ts";

/** What the store guarantees of cancelling. */
export async function testCancel(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store, clock } = bench;

  await t.step(
    "cancelling ends a waiting run and asks a running one to stop",
    async () => {
      const [waiting] = await store.runs.submit("dummy", bench.owner, [
        submission("waiting"),
      ]);
      await store.attempts.cancel(waiting?.id ?? "", aborted);
      assertEquals(
        (await store.runs.find(waiting?.id ?? ""))?.state,
        "aborted",
      );
      const { run, fence } = await bench.submitAndStart("live");
      await store.attempts.cancel(run.id, aborted);
      assertEquals(
        (await store.attempts.heartbeat(fence))?.cancelRequestedAt,
        clock.now,
      );
      assertEquals(
        (await store.attempts.finish(fence, { kind: "cancelled" }, aborted))
          ?.state,
        "aborted",
      );
    },
  );

  await t.step(
    "many are cancelled at once, those of one backend in the given states alone",
    async () => {
      const live = await bench.submitAndStart("many");
      const waiting = await store.runs.submit("dummy", bench.owner, [
        submission("many"),
        submission("many"),
        submission("other"),
      ]);
      const [foreign] = await store.runs.submit("other", bench.owner, [
        { ...submission("many"), labels: { backend: "other" } },
      ]);
      const ids = [
        live.run,
        ...waiting.slice(0, 2),
        ...foreign ? [foreign] : [],
      ]
        .map(({ id }) => id);
      const states = async () =>
        await Promise.all(
          [live.run, ...waiting, foreign].map(async (run) => {
            const found = await store.runs.find(run?.id ?? "");
            return found?.cancelRequestedAt === null
              ? found.state
              : `${found?.state}, cancelled`;
          }),
        );
      const cancel = (...states: RunState[]) =>
        store.attempts.cancelMany({ backend: "dummy", ids, states }, aborted);
      await cancel("queued");
      const cancelled = "aborted, cancelled";
      assertEquals(
        await states(),
        ["running", cancelled, cancelled, "queued", "queued"],
      );
      await cancel("queued", "running", "passed");
      assertEquals(
        await states(),
        ["running, cancelled", cancelled, cancelled, "queued", "queued"],
      );
      await store.attempts.finish(live.fence, { kind: "cancelled" }, aborted);
      await store.attempts.cancel(waiting[2]?.id ?? "", aborted);
      await store.attempts.cancel(foreign?.id ?? "", aborted);
    },
  );

  await t.step(
    "a run that is to be cancelled is not released into its queue",
    async () => {
      const { run, fence } = await bench.submitAndStart(
        "cancelled and released",
      );
      await store.attempts.cancel(run.id, aborted);
      assertEquals(await store.attempts.release(fence), null);
      assertEquals((await store.runs.find(run.id))?.state, "running");
      await store.attempts.finish(fence, { kind: "cancelled" }, aborted);
    },
  );
}
