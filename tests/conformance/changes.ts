import { assert, assertEquals } from "@std/assert";
import type { RunState } from "../../core/run.ts";
import type { OpenedDatabase } from "./database.ts";
import { QueueBench } from "./queue_bench.ts";

/** What somebody who polls for changes sees, on every database. */
export function testChanges(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: a follower that polls misses no change, though the clock jumps back`, async () => {
    await using opened = await open();
    const bench = await QueueBench.create(opened);
    const { store, clock } = bench;
    const aborted = { state: "aborted", message: "stop" } as const;
    const follower = await Poll.start(bench, "alice");
    let turn = 0;
    /** Each write meets a clock that is behind the one before. */
    const jump = async <T>(write: () => Promise<T>): Promise<T> => {
      clock.now = 1e9 - (turn++ % 7) * 3_600_000;
      const written = await write();
      await follower.look();
      return written;
    };

    const retryDelaysSeconds = [0];
    const runs = await jump(() =>
      bench.submit("alice", Array(9).fill("a"), { retryDelaysSeconds })
    );
    const [released, failing, passing, live] = [
      await jump(() => bench.claim()),
      await jump(() => bench.claim()),
      await jump(() => bench.claim()),
      await jump(() => bench.claim()),
    ];
    await jump(() => store.attempts.release(released.fence));
    await jump(() => bench.failForNow(failing));
    await jump(() => store.attempts.cancel(live.id, aborted));
    await jump(() =>
      store.attempts.finish(live.fence, { kind: "cancelled" }, aborted)
    );
    await jump(() => bench.finish(passing));
    await jump(() => store.attempts.cancel(runs.at(-1)?.id ?? "", aborted));
    await jump(() => bench.cancel(runs.slice(-3)));
    clock.now = (await bench.find(failing.id)).notBefore ?? 0;
    assertEquals((await store.schedule.promote()).length, 1);
    await follower.look();
    await jump(() => bench.submit("alice", ["judged"], { outcome: aborted }));
    await jump(() => bench.claim());
    await bench.loseLive();
    await follower.look();
    for (;;) {
      const claimed = await jump(() => bench.tryClaim());
      if (claimed === null) break;
      await jump(() => bench.finish(claimed));
    }

    const all = await store.runs.list({});
    assertEquals(
      [...follower.seen].toSorted(),
      all.map(({ id, state }): [string, RunState] => [id, state]).toSorted(),
    );
    assert(all.every(({ finishedAt }) => finishedAt !== null));
    assert(new Set(all.map(({ state }) => state)).size > 1);
  });

  Deno.test(`${name}: changes of one owner do not move another's`, async () => {
    await using opened = await open();
    const bench = await QueueBench.create(opened);
    bench.clock.now = 5_000_000;
    await bench.submit("alice", ["ahead"]);
    bench.clock.now = 4_000_000;
    const [bob] = await bench.submit("bob", ["b"]);
    const [alice] = await bench.submit("alice", ["a"]);
    assertEquals([bob?.updatedAt, alice?.updatedAt], [4_000_000, 5_000_000]);
    assertEquals([bob?.createdAt, alice?.createdAt], [4_000_000, 4_000_000]);
  });
}

/** Polls as debci's clients do: from the second of the last change that it knows, that second included. */
class Poll {
  readonly seen = new Map<string, RunState>();
  #last = 0;

  private constructor(
    private readonly bench: QueueBench,
    private readonly owner: number,
  ) {}

  static async start(bench: QueueBench, owner: string): Promise<Poll> {
    return new Poll(bench, (await bench.owner(owner)).account);
  }

  async look(): Promise<void> {
    const changed = await this.bench.store.runs.list({
      backend: "dummy",
      owner: this.owner,
      updatedSince: Math.floor(this.#last / 1000) * 1000,
      order: "changed",
    });
    for (const { id, state, updatedAt } of changed) {
      this.seen.set(id, state);
      this.#last = Math.max(this.#last, updatedAt);
    }
  }
}
