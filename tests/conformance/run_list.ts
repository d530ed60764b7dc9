import { assertEquals } from "@std/assert";
import { systemIds } from "../../core/id.ts";
import type { Principal } from "../../core/principal.ts";
import type { Submission } from "../../core/run.ts";
import { migrate } from "../../db/migrate.ts";
import { coreMigrations } from "../../db/migrations/mod.ts";
import { openStore } from "../../db/store.ts";
import type { OpenedDatabase } from "./database.ts";

/** What lists by last change and publishing guarantee on every database. `open` gives an empty one, which the suite disposes of. */
export function testRunList(
  name: string,
  open: () => Promise<OpenedDatabase>,
): void {
  Deno.test(`${name}: lists of changed runs, and publishing`, async (t) => {
    await using opened = await open();
    const clock = { now: 1_000_000 };
    const now = () => clock.now;
    await migrate(opened.database, [
      { owner: "core", migrations: coreMigrations },
    ], now);
    const store = openStore(opened.database, now, systemIds(Date.now), {
      ackMs: 15_000,
      leaseMs: 60_000,
    });
    const owners = await Promise.all(["alice", "bob"].map(async (user) => {
      const { account } = await store.accounts.ensure("user", user, []);
      return { account: account.id, name: account.name, limits: [] };
    }));
    const [alice = { account: 0, name: "", limits: [] }, bob = alice] = owners;

    await t.step("an owner without runs has changed nothing", async () => {
      assertEquals(await store.runs.lastChange("dummy", alice), 0);
    });

    await t.step("pages by last change meet each run once", async () => {
      await store.runs.submit("dummy", alice, ["a", "b", "c"].map(submission));
      clock.now += 1;
      await store.runs.submit("dummy", alice, ["d", "e"].map(submission));
      await store.runs.submit("dummy", bob, [submission("bobs")]);
      const until = await store.runs.lastChange("dummy", alice);
      assertEquals(until, clock.now);
      const seen: string[] = [];
      let after: { updatedAt: number; number: number } | undefined;
      for (;;) {
        const page = await store.runs.summaries({
          backend: "dummy",
          owner: alice.account,
          order: "changed",
          updatedUntil: until,
          limit: 2,
          ...(after === undefined ? {} : { after }),
        }, []);
        seen.push(...page.map(({ job }) => job));
        after = page.at(-1);
        if (after === undefined) break;
      }
      assertEquals(seen, ["a", "b", "c", "d", "e"]);
    });

    await t.step(
      "what changed after a time is not in a list up to it",
      async () => {
        const until = await store.runs.lastChange("dummy", bob);
        clock.now += 1;
        await store.runs.submit("dummy", bob, [submission("later")]);
        const listed = await store.runs.list({
          owner: bob.account,
          order: "changed",
          updatedUntil: until,
        });
        assertEquals(listed.map(({ job }) => job), ["bobs"]);
      },
    );

    await t.step(
      "only an owner's private runs are published, and that is a change",
      async () => {
        const [hidden, open] = await store.runs.submit("dummy", alice, [
          { ...submission("hidden"), isPrivate: true },
          submission("open"),
        ]);
        const [bobs] = await store.runs.submit("dummy", bob, [
          { ...submission("hidden"), isPrivate: true },
        ]);
        const numbers = [hidden, open, bobs].map((run) => run?.number ?? 0);
        clock.now += 1;
        assertEquals(
          await store.runs.publish("dummy", alice, [...numbers, 999_999]),
          numbers.slice(0, 1),
        );
        assertEquals(await store.runs.publish("other", bob, numbers), []);
        const states = await Promise.all(
          numbers.map((number) => store.runs.findByNumber(number)),
        );
        assertEquals(states.map((run) => run?.isPrivate), [false, false, true]);
        assertEquals(states[0]?.updatedAt, clock.now);
        assertEquals(await store.runs.publish("dummy", alice, numbers), []);
      },
    );

    await t.step("the page before a run ends right above it", async () => {
      const made = await store.runs.submit(
        "dummy",
        alice,
        Array.from({ length: 5 }, () => submission("paged")),
      );
      const numbers = made.map(({ number }) => number);
      const page = await store.runs.list({
        job: "paged",
        above: numbers[0] ?? 0,
        limit: 2,
      });
      assertEquals(page.map(({ number }) => number), [numbers[2], numbers[1]]);
    });

    await t.step(
      "the latest run of each job is the newest that the reader may see, of this backend",
      async () => {
        const hidden = { ...submission("twice"), isPrivate: true };
        const submit = async (owner: typeof alice, one: Submission) =>
          (await store.runs.submit("dummy", owner, [one]))[0]?.number ?? 0;
        const once = await submit(alice, submission("once"));
        const open = await submit(alice, submission("twice"));
        const secret = await submit(alice, hidden);
        await submit(alice, { ...submission("only-hidden"), isPrivate: true });
        await store.runs.submit("other", alice, [submission("once")]);
        const jobs = ["once", "twice", "only-hidden", "none", "once"];
        const latest = async (reader: Principal | null) =>
          Array.from(
            await store.runs.latest("dummy", jobs, reader),
            ([job, { number }]) => [job, number] as const,
          ).toSorted();
        const principal = (owner: typeof alice): Principal => ({
          ...owner,
          kind: "user",
          permissions: [],
          via: "",
          credential: "",
        });
        const seen = [["once", once], ["twice", open]] as const;
        assertEquals(await latest(null), [...seen]);
        assertEquals(await latest(principal(bob)), [...seen]);
        const own = new Map(await latest(principal(alice)));
        assertEquals([own.get("twice"), own.size], [secret, 3]);
        const limits = [{ jobs: ["onc*"] }];
        const narrow = { ...principal(bob), limits };
        assertEquals(await latest(narrow), [["once", once]]);
      },
    );
  });
}

function submission(job: string): Submission {
  return { job, request: {}, task: {}, labels: { backend: "dummy" } };
}
