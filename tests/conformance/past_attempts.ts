import { assertEquals } from "@std/assert";
import type { Attempt } from "../../core/attempt.ts";
import { withAttempt } from "../../core/attempt.ts";
import type { OpenedDatabase } from "./database.ts";
import { type Claimed, QueueBench } from "./queue_bench.ts";

/** What is kept of attempts that were not the last, on every database. */
export function testPastAttempts(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: every attempt of a run is remembered`, async (t) => {
    await using opened = await open();
    const bench = await QueueBench.create(opened);
    const { store, clock } = bench;
    const attemptsOf = async (id: string) =>
      await store.pastAttempts.of(await bench.find(id));
    const endings = async (id: string) =>
      (await attemptsOf(id)).map(({ number, ending }) => [number, ending]);
    const write = async ({ fence }: Claimed, text: string) =>
      await store.logs.append(fence, 0, new TextEncoder().encode(text));

    await t.step("with its runner, times, ending, words and log", async () => {
      const [made] = await bench.submit("alice", ["unlucky"], {
        retryDelaysSeconds: [60],
      });
      const id = made?.id ?? "";
      assertEquals(await attemptsOf(id), []);
      const first = await bench.claim();
      const firstAt = clock.now;
      assertEquals(await endings(id), [[1, null]]);
      await write(first, "one");
      await bench.loseLive();
      const lostAt = clock.now;
      assertEquals(await endings(id), [[1, "lost"]]);

      clock.now += 1;
      const second = await bench.claim();
      await write(second, "second");
      await bench.failForNow(second);
      const failedAt = clock.now;
      await bench.failForNow(second);
      assertEquals(await endings(id), [[1, "lost"], [2, "temporary"]]);

      clock.now += 60_000;
      await store.schedule.promote();
      const third = await bench.claim();
      await store.attempts.release(third.fence);
      assertEquals((await endings(id)).at(-1), [3, "released"]);

      const fourth = await bench.claim();
      await write(fourth, "4");
      await bench.finish(fourth);
      const all = await attemptsOf(id);
      const common = { runner: "r" };
      assertEquals(
        all.slice(0, 2),
        [{
          ...common,
          number: 1,
          claimedAt: firstAt,
          startedAt: firstAt,
          endedAt: lostAt,
          ending: "lost",
          message: "lost",
          logBytes: 3,
        }, {
          ...common,
          number: 2,
          claimedAt: failedAt,
          startedAt: failedAt,
          endedAt: failedAt,
          ending: "temporary",
          message: "no testbed",
          logBytes: 6,
        }] satisfies Attempt[],
      );
      assertEquals(
        all.map(({ ending }) => ending),
        ["lost", "temporary", "released", "ended"],
      );
      const run = await bench.find(id);
      const logs = await Promise.all(
        all.map(async (attempt) =>
          new TextDecoder().decode(
            await store.logs.read(withAttempt(run, attempt)),
          )
        ),
      );
      assertEquals(logs, ["one", "second", "", "4"]);
      await bench.clear();
    });

    await t.step("a claim that was not taken up", async () => {
      const [made] = await bench.submit("alice", ["waiting"]);
      const run = await store.attempts.claim({
        runnerId: bench.runnerId,
        claimId: crypto.randomUUID(),
        attemptToken: crypto.randomUUID(),
        offers: [{ backend: ["dummy"], suite: ["*"] }],
      });
      assertEquals(run?.id, made?.id);
      await bench.loseLive();
      const [attempt] = await attemptsOf(made?.id ?? "");
      assertEquals(
        [attempt?.ending, attempt?.startedAt, attempt?.message],
        ["not_taken_up", null, null],
      );
      await bench.clear();
      assertEquals(await endings(made?.id ?? ""), [[1, "not_taken_up"]]);
    });

    await t.step(
      "the last loss, and what was cancelled meanwhile",
      async () => {
        const [lost, stopped] = await bench.submit("alice", ["a", "b"]);
        const other = await bench.claimAll();
        assertEquals(other.length, 2);
        const stop = { state: "aborted", message: "stop" } as const;
        await store.attempts.cancel(stopped?.id ?? "", stop);
        await bench.loseLive();
        assertEquals(await endings(stopped?.id ?? ""), [[1, "ended"]]);
        for (let turn = 0; turn < 2; turn++) {
          await bench.claim();
          await bench.loseLive();
        }
        assertEquals(
          await endings(lost?.id ?? ""),
          [[1, "lost"], [2, "lost"], [3, "lost"]],
        );
        assertEquals((await bench.find(lost?.id ?? "")).state, "errored");
      },
    );

    await t.step("a write of another attempt keeps nothing", async () => {
      const [made] = await bench.submit("alice", ["guarded"]);
      const claimed = await bench.claim();
      const foreign = { ...claimed.fence, attemptToken: "another" };
      assertEquals(await store.attempts.release(foreign), null);
      assertEquals(await endings(made?.id ?? ""), [[1, null]]);
    });
  });
}
