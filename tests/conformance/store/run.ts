import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { mayRead } from "../../../core/access.ts";
import type { Limit } from "../../../core/limit.ts";
import { roles } from "../../../core/permission.ts";
import { type Bench, passed, submission } from "./bench.ts";

/** What the store guarantees of runs, as people see them. */
export async function testRuns(
  t: Deno.TestContext,
  bench: Bench,
): Promise<void> {
  const { store, clock } = bench;

  await t.step(
    "submitted runs come back in order, with rising numbers",
    async () => {
      const runs = await store.runs.submit(
        "dummy",
        bench.owner,
        ["a", "b", "c"].map(submission),
      );
      assertEquals(runs.map(({ job }) => job), ["a", "b", "c"]);
      const [first = 0, second, third] = runs.map(({ number }) => number);
      assertEquals([second, third], [first + 1, first + 2]);
      assertEquals((await store.runs.find(runs[1]?.id ?? ""))?.job, "b");
      for (const run of runs) await store.attempts.cancel(run.id, passed);
    },
  );

  await t.step(
    "a queued run's place is its turn among those of its queue",
    async () => {
      const runs = await store.runs.submit("dummy", bench.owner, [
        submission("second"),
        submission("third"),
        { ...submission("first"), priority: 1 },
        {
          ...submission("alone"),
          labels: { backend: "dummy", arch: "s390x" },
        },
      ]);
      const places = await store.runs.queuePlaces(runs);
      assertEquals(
        runs.map(({ number }) => places.get(number)),
        [2, 3, 1, 1],
      );
      assertEquals(
        [...(await store.runs.queuePlaces(runs.slice(1, 2))).values()],
        [3],
      );
      const ids = runs.map(({ id }) => id);
      await store.attempts.cancelMany(
        { backend: "dummy", ids, states: ["queued"] },
        passed,
      );
      assertEquals((await store.runs.queuePlaces(runs)).size, 0);
    },
  );

  await t.step("lists are narrowed and paged without a gap", async () => {
    const runs = await store.runs.submit(
      "dummy",
      bench.owner,
      Array.from({ length: 7 }, () => submission("paged")),
    );
    const seen: number[] = [];
    for (let before = Infinity; seen.length < 7;) {
      const page = await store.runs.list({
        job: "paged",
        states: ["queued"],
        limit: 3,
        ...(before === Infinity ? {} : { before }),
      });
      assertNotEquals(page.length, 0);
      seen.push(...page.map(({ number }) => number));
      before = seen.at(-1) ?? 0;
    }
    assertEquals(seen, runs.map(({ number }) => number).reverse());
    assertEquals(
      await store.runs.list({ job: "paged", backend: "other" }),
      [],
    );
  });

  await t.step(
    "a summary is the run without its bulk, of the request what was asked for",
    async () => {
      const [run] = await store.runs.submit("dummy", bench.owner, [{
        ...submission("summed"),
        request: { job: "summed", bulk: "x".repeat(9000), parts: [1] },
        task: { bulk: "x".repeat(9000) },
      }]);
      assert(run !== undefined);
      const { task: _task, end: _end, ...rest } = run;
      assertEquals(
        await store.runs.summaries(
          { job: "summed" },
          ["job", "parts", "missing"],
        ),
        [{ ...rest, request: { job: "summed", parts: [1], missing: null } }],
      );
      assertEquals(
        await store.runs.summaries({ job: "summed" }, "all"),
        [rest],
      );
      const [bare] = await store.runs.summaries({ job: "summed" }, []);
      assertEquals(bare?.request, {});
    },
  );

  await t.step(
    "a list shows a reader what mayRead() lets them read",
    async () => {
      const { owner } = bench;
      const made = await store.runs.submit(
        "dummy",
        owner,
        ["[a]-x", "a-x", "b-x", "b-y"].flatMap((job) =>
          [true, false].map((isPrivate) => ({ ...submission(job), isPrivate }))
        ),
      );
      const stranger = { ...owner, account: owner.account + 1 };
      const limits: readonly (readonly Limit[])[] = [
        [],
        [{ jobs: ["*-x"] }],
        [{ jobs: ["[a]*", "b?y"] }],
        [{ backends: ["dummy"] }, { jobs: ["b*"] }],
        [{ backends: ["other"] }],
        [{ jobs: [] }],
      ];
      const readers = [
        null,
        ...limits.flatMap((limits) =>
          [roles.trigger, roles.admin].flatMap((permissions) =>
            [owner, stranger].map((who) => ({ ...who, permissions, limits }))
          )
        ),
      ];
      for (const reader of readers) {
        const listed = await store.runs.list({ backend: "dummy", reader });
        const ids = new Set(listed.map(({ id }) => id));
        assertEquals(
          made.filter(({ id }) => ids.has(id)),
          made.filter((run) => mayRead(run, reader)),
          JSON.stringify(reader),
        );
      }
      for (const run of made) await store.attempts.cancel(run.id, passed);
    },
  );

  await t.step(
    "a submission that is already judged is never queued",
    async () => {
      const [run] = await store.runs.submit("dummy", bench.owner, [
        {
          ...submission("rejected"),
          outcome: { state: "failed", message: "rejected" },
        },
      ]);
      assertEquals([run?.state, run?.message, run?.finishedAt], [
        "failed",
        "rejected",
        clock.now,
      ]);
    },
  );
}
