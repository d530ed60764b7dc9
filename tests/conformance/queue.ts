import { assert, assertEquals } from "@std/assert";
import type { OpenedDatabase } from "./database.ts";
import { QueueBench } from "./queue_bench.ts";

/** What the queue guarantees on every database. `open` gives an empty one, which the suite disposes of. */
export function testQueue(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: the queue is fair`, async (t) => {
    await using opened = await open();
    const queue = await QueueBench.create(opened);

    await t.step(
      "one owner's 5,000 runs do not delay another owner's single run",
      async () => {
        await queue.submit("alice", Array(5000).fill("a"));
        assertEquals(await queue.claimAll(3), ["a", "a", "a"]);
        await queue.submit("bob", ["b"]);
        assertEquals(await queue.claimAll(3), ["b", "a", "a"]);
        await queue.clear();
      },
    );

    await t.step("owners take turns, each in its own order", async () => {
      await queue.submit("alice", ["a1", "a2", "a3", "a4"]);
      await queue.submit("bob", ["b1", "b2"]);
      await queue.submit("carol", ["c1", "c2", "c3"]);
      await queue.submit("bob", ["b3"]);
      const order = "a1 b1 c1 a2 b2 c2 a3 c3 b3 a4".split(" ");
      assertEquals(await queue.claimAll(), order);
      await queue.clear();
    });

    await t.step(
      "asking for one run after the other wins nothing over asking at once",
      async () => {
        await queue.submit("alice", ["a1", "a2", "a3", "a4"]);
        assertEquals(await queue.claimAll(1), ["a1"]);
        const order: string[] = [];
        for (let turn = 1; turn <= 3; turn++) {
          await queue.submit("bob", [`b${turn}`]);
          order.push(...await queue.claimAll(1));
        }
        order.push(...await queue.claimAll());
        assertEquals(order, ["b1", "a2", "b2", "a3", "b3", "a4"]);
        await queue.clear();
      },
    );

    await t.step("a higher priority goes first, whoever's it is", async () => {
      await queue.submit("alice", ["a1", "a2"], { priority: 5 });
      await queue.submit("bob", ["b-low"], { priority: 1 });
      await queue.submit("bob", ["b1", "b2"], { priority: 5 });
      await queue.submit("alice", ["a-high", "a-high2"], { priority: 9 });
      assertEquals(await queue.claimAll(), [
        "a-high",
        "a-high2",
        "a1",
        "b1",
        "a2",
        "b2",
        "b-low",
      ]);
      await queue.clear();
    });

    await t.step(
      "a run that comes back keeps its place, and lets nobody in before others",
      async () => {
        await queue.submit("alice", ["a1", "a2", "a3", "a4", "a5"]);
        assertEquals(await queue.claimAll(3), ["a1", "a2", "a3"]);
        for (const claimed of queue.live.splice(1)) {
          await queue.finish(claimed);
        }
        await queue.loseLive();
        await queue.submit("bob", ["b1", "b2", "b3"]);
        assertEquals(
          await queue.claimAll(),
          ["a1", "b1", "a4", "b2", "a5", "b3"],
        );
        await queue.clear();
      },
    );

    await t.step(
      "what an owner has cancelled costs it no turn",
      async () => {
        const runs = await queue.submit("alice", Array(50).fill("gone"));
        await queue.cancel(runs);
        await queue.submit("alice", ["a1", "a2"]);
        await queue.submit("bob", ["b1", "b2"]);
        assertEquals(await queue.claimAll(), ["a1", "b1", "a2", "b2"]);
        await queue.clear();
      },
    );

    await t.step("a backlog in one suite holds no other suite up", async () => {
      await queue.submit("alice", Array(20).fill("a"), { suite: "unstable" });
      assertEquals(await queue.claimAll(3), ["a", "a", "a"]);
      await queue.submit("alice", ["t1", "t2"], { suite: "testing" });
      await queue.submit("bob", ["s1"], { suite: "stable" });
      assertEquals(
        await queue.claimAll(6),
        ["t1", "s1", "a", "t2", "a", "a"],
      );
      await queue.clear();
    });

    await t.step(
      "a run's place is the turn at which it is claimed",
      async () => {
        await queue.submit("alice", Array(6).fill("a"), { priority: 1 });
        await queue.claimAll(2);
        await queue.submit("bob", Array(4).fill("b"), { priority: 1 });
        await queue.submit("carol", Array(3).fill("c"), { priority: 7 });
        await queue.submit("carol", Array(3).fill("d"), { priority: 1 });
        const waiting = await queue.store.runs.list({ states: ["queued"] });
        assertEquals(waiting.length, 14);
        const places = await queue.store.runs.queuePlaces(waiting);
        const carols = waiting.filter(({ owner }) => owner.name === "carol");
        const [carol] = carols;
        assert(carol, "carol waits");
        assertEquals(
          await queue.store.runs.queuePlacesOf(carol.backend, carol.owner),
          new Map(
            carols.map(({ number }) => [number, places.get(number) ?? 0]),
          ),
        );
        const alone = await Promise.all(
          waiting.map(async (run) =>
            [...await queue.store.runs.queuePlaces([run])][0]
          ),
        );
        assertEquals(
          alone,
          waiting.map(({ number }) => [
            number,
            places.get(number) ?? 0,
          ]),
        );
        const expected = waiting.toSorted((a, b) =>
          (places.get(a.number) ?? 0) - (places.get(b.number) ?? 0)
        );
        const claimed: number[] = [];
        for (let turn = 0; turn < waiting.length; turn++) {
          claimed.push((await queue.claim()).number);
        }
        assertEquals(claimed, expected.map(({ number }) => number));
        await queue.clear();
      },
    );
  });
}
