import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { systemIds } from "../../core/id.ts";
import type { Principal } from "../../core/principal.ts";
import type { Run, RunState, Submission } from "../../core/run.ts";
import { maxLostAttempts } from "../../db/attempt_store.ts";
import { migrate } from "../../db/migrate.ts";
import { coreMigrations } from "../../db/migrations/mod.ts";
import { openStore, type Store } from "../../db/store.ts";
import type { OpenedDatabase } from "./database.ts";

const ackMs = 15_000;
const leaseMs = 60_000;
const passed = { state: "passed", message: "well done" } as const;
const exited = { kind: "exited", exitCode: 0 } as const;
const lost = {
  end: { kind: "lost" },
  outcome: { state: "errored", message: "lost" },
} as const;

/** What the store guarantees on every database. `open` gives an empty one, which the suite disposes of. */
export function testStore(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: the store keeps its promises`, async (t) => {
    await using opened = await open();
    const { database } = opened;
    const clock = { now: 1_000_000 };
    const now = () => clock.now;
    await migrate(
      database,
      [{ owner: "core", migrations: coreMigrations }],
      now,
    );
    const store = openStore(database, now, systemIds(Date.now), {
      ackMs,
      leaseMs,
    });
    const bench = await Bench.create(store);

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
        await store.attempts.cancel(run.id, { state: "aborted", message: "" });
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

    await t.step(
      "cancelling ends a waiting run and asks a running one to stop",
      async () => {
        const [waiting] = await store.runs.submit("dummy", bench.owner, [
          submission("waiting"),
        ]);
        const aborted = { state: "aborted", message: "stop" } as const;
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
        const aborted = { state: "aborted", message: "stop" } as const;
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

    await t.step("a released run is queued again", async () => {
      const { run, fence } = await bench.submitAndStart("released");
      assertEquals((await store.attempts.release(fence))?.state, "queued");
      const next = await bench.claim();
      assertEquals([next.run?.id, next.run?.lostAttempts], [run.id, 0]);
      await store.attempts.finish(next.fence, exited, passed);
    });

    await t.step(
      "a run that is to be cancelled is not released into its queue",
      async () => {
        const { run, fence } = await bench.submitAndStart(
          "cancelled and released",
        );
        await store.attempts.cancel(run.id, { state: "aborted", message: "" });
        assertEquals(await store.attempts.release(fence), null);
        assertEquals((await store.runs.find(run.id))?.state, "running");
        await store.attempts.finish(fence, { kind: "cancelled" }, {
          state: "aborted",
          message: "",
        });
      },
    );

    await t.step("a log grows only at its end, byte for byte", async () => {
      const { run, fence } = await bench.submitAndStart("log");
      assertEquals(await store.logs.append(fence, 0, encode("hello ")), {
        kind: "stored",
      });
      assertEquals(await store.logs.append(fence, 6, encode("world")), {
        kind: "stored",
      });
      assertEquals(await store.logs.append(fence, 4, encode("o wor")), {
        kind: "repeated",
      });
      assertEquals(await store.logs.append(fence, 4, encode("o WOR")), {
        kind: "differs",
      });
      assertEquals(await store.logs.append(fence, 12, encode("!")), {
        kind: "wrong_offset",
        logBytes: 11,
      });
      const present = await store.runs.find(run.id);
      assert(present !== null);
      assertEquals(decode(await store.logs.read(present)), "hello world");
      assertEquals(decode(await store.logs.read(present, 3, 8)), "lo wo");
      await store.attempts.finish(fence, exited, passed);
    });

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
        const [bare] = await store.runs.summaries({ job: "summed" }, []);
        assertEquals(bare?.request, {});
      },
    );

    await t.step("a private run is listed to its owner alone", async () => {
      const [run] = await store.runs.submit("dummy", bench.owner, [{
        ...submission("secret"),
        isPrivate: true,
      }]);
      const listed = async (visibleTo: number) =>
        (await store.runs.list({ job: "secret", visibleTo })).length;
      assertEquals([
        await listed(bench.owner.account),
        await listed(bench.owner.account + 1),
      ], [1, 0]);
      assertEquals(run?.isPrivate, true);
    });

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
  });
}

/** One runner and one owner to play with. */
class Bench {
  private constructor(
    readonly store: Store,
    readonly owner: Principal,
    readonly runnerId: string,
  ) {}

  static async create(store: Store): Promise<Bench> {
    const { account } = await store.accounts.ensure("group", "bots", ["*:*"]);
    const runnerId = crypto.randomUUID();
    await store.runners.register({
      id: runnerId,
      name: "r",
      offers: [],
      token: crypto.randomUUID(),
      version: "0",
    });
    const owner: Principal = {
      kind: "group",
      account: account.id,
      name: account.name,
      permissions: account.permissions,
      via: "test",
      credential: "none",
    };
    return new Bench(store, owner, runnerId);
  }

  async claim(
    options: { claimId?: string; offers?: Record<string, string[]>[] } = {},
  ) {
    const attemptToken = crypto.randomUUID();
    const run = await this.store.attempts.claim({
      runnerId: this.runnerId,
      claimId: options.claimId ?? crypto.randomUUID(),
      attemptToken,
      offers: options.offers ??
        [{ backend: ["dummy"], arch: ["amd64", "arm64"] }],
    });
    return { run, fence: { runId: run?.id ?? "", attemptToken } };
  }

  async submitAndStart(
    job: string,
  ): Promise<{ run: Run; fence: { runId: string; attemptToken: string } }> {
    await this.store.runs.submit("dummy", this.owner, [submission(job)]);
    const { fence } = await this.claim();
    const run = await this.store.attempts.start(fence);
    assert(run !== null && run.job === job, `${job} was started`);
    return { run, fence };
  }

  async takeBackExpired(): Promise<void> {
    for (const run of await this.store.attempts.expired()) {
      await this.store.attempts.takeBack(run, lost);
    }
  }
}

function submission(job: string): Submission {
  return {
    job,
    request: { job },
    task: {},
    labels: { backend: "dummy", arch: "amd64" },
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
