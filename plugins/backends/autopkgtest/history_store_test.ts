import { assertEquals } from "@std/assert";
import { sql } from "../../../core/database.ts";
import { systemIds } from "../../../core/id.ts";
import { roles } from "../../../core/permission.ts";
import type { EndState, Run } from "../../../core/run.ts";
import { openEmbedded } from "../../../db/embedded.ts";
import { migrate } from "../../../db/migrate.ts";
import { coreMigrations } from "../../../db/migrations/mod.ts";
import { openRemote } from "../../../db/remote.ts";
import { openStore, type Store } from "../../../db/store.ts";
import { startSqld } from "../../../tests/sqld.ts";
import {
  findFindings,
  readHistory,
  readNews,
  readPackages,
  readStateChanges,
} from "./history.ts";
import autopkgtest from "./mod.ts";
import {
  countPackages,
  listPackages,
  readStatuses,
} from "./pages/package_store.ts";
import { listPending } from "./pages/pending_store.ts";
import { listByState, listChanges } from "./pages/status_store.ts";
import { countStatuses, dayOf } from "./status_count.ts";

const dayMs = 86_400_000;
const place = { suite: "unstable", arch: "amd64" };
const names = ["apt", "bash", "dash", "libc6"];
const states: readonly EndState[] = [
  "passed",
  "failed",
  "neutral",
  "errored",
  "aborted",
];

type Opened = AsyncDisposable & { readonly store: Store };
type Clock = { now: number };

async function open(
  clock: Clock,
  kind: "embedded" | "sqld",
  count: number,
): Promise<Opened> {
  const sqld = kind === "sqld" ? await startSqld() : null;
  const database = sqld === null
    ? openEmbedded(":memory:")
    : openRemote({ url: sqld.url });
  const migrations = autopkgtest().migrations.slice(0, count);
  await migrate(database, [
    { owner: "core", migrations: coreMigrations },
    { owner: "autopkgtest", migrations },
  ], () => clock.now);
  const now = () => clock.now;
  const durations = { ackMs: 1e12, leaseMs: 1e12 };
  return {
    store: openStore(database, now, systemIds(now), durations),
    [Symbol.asyncDispose]: async () => {
      database.close();
      await sqld?.[Symbol.asyncDispose]();
    },
  };
}

/** A row of numbers that looks like chance and is the same every time (Lehmer). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = state * 48_271 % 2_147_483_647;
    return state % sides;
  };
}

type Told = { readonly [number: number]: readonly (string | null)[] };

/**
 * A life: tests are requested, public or not, with pins or without, end in any
 * order, and some are published later. `told` is what the model says of what came before, at each end.
 */
async function live(store: Store, clock: Clock): Promise<Told> {
  const roll = dice(7);
  const told: Record<number, readonly (string | null)[]> = {};
  const { account } = await store.accounts.ensure("user", "a", roles.trigger);
  const owner = { account: account.id, name: account.name, limits: [] };
  await store.runners.register({
    id: "r",
    name: "worker",
    offers: [{}],
    token: "t",
    version: "0",
  });
  for (let step = 0; step < 160; step++) {
    clock.now += roll(dayMs);
    await store.runs.submit("autopkgtest", owner, [{
      job: names[roll(names.length)] ?? "",
      request: {
        ...place,
        pin_packages: roll(4) === 0 ? [["src:x", "testing"]] : [],
      },
      task: {},
      labels: {},
      isPrivate: roll(3) === 0,
    }]);
    if (roll(3) !== 0) {
      const before = await store.runs.list({});
      const ended = await endOne(
        store,
        states[roll(states.length)] ?? "passed",
      );
      told[ended] = whatCameBefore(before, ended);
    }
    if (roll(6) === 0) {
      await store.runs.publish("autopkgtest", owner, [1 + roll(step + 1)]);
    }
  }
  return told;
}

async function endOne(store: Store, state: EndState): Promise<number> {
  const run = await store.attempts.claim({
    runnerId: "r",
    claimId: crypto.randomUUID(),
    attemptToken: "token",
    offers: [{}],
  });
  const fence = { runId: run?.id ?? "", attemptToken: "token" };
  await store.attempts.start(fence);
  const facts = { version: `v${run?.number}` };
  const end = { kind: "exited", exitCode: 0, facts } as const;
  await store.attempts.finish(fence, end, { state, message: "over" });
  return run?.number ?? 0;
}

/** What counts, in the order in which it ended. */
function counted(runs: readonly Run[]): Run[] {
  return runs.filter((run) =>
    run.finishedAt !== null && run.state !== "aborted" && !run.isPrivate &&
    Array.isArray(run.request.pin_packages) &&
    run.request.pin_packages.length === 0
  ).toSorted((a, b) =>
    (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || a.number - b.number
  );
}

function whatCameBefore(runs: readonly Run[], number: number) {
  const job = runs.find((run) => run.number === number)?.job;
  const earlier = counted(runs).filter((run) => run.job === job);
  const pass = earlier.findLast((run) => run.state === "passed");
  return [earlier.at(-1)?.state ?? null, pass ? `v${pass.number}` : null];
}

/** What pages keep beside the history, against what the runs themselves say. */
async function assertKeptForPages(
  { database, runs: stored }: Store,
): Promise<void> {
  const runs = await stored.list({});
  const counts = counted(runs);
  const known = names.filter((name) =>
    runs.some((run) => run.job === name && !run.isPrivate)
  );
  assertEquals(await listPackages(database, { limit: 100 }), known);
  const found = await countPackages(database);
  assertEquals(found.reduce((sum, { count }) => sum + count, 0), known.length);

  const waiting = runs.filter((run) =>
    run.finishedAt === null && !run.isPrivate
  ).map(({ number }) => number).toReversed();
  const pending = await listPending(database, { limit: 1000 });
  assertEquals(pending.map(({ number }) => number), waiting);

  const newest = new Map(counts.map((run) => [run.job, run]));
  const statuses = await readStatuses(database, names);
  assertEquals(
    statuses.map(({ number, state, durationMs }) => [
      number,
      String(state),
      durationMs,
    ]),
    names.flatMap((name) => newest.get(name) ?? []).map((run) => [
      run.number,
      String(run.state),
      (run.finishedAt ?? 0) - (run.startedAt ?? 0),
    ]),
  );
  const all = { places: null, before: null, limit: 1000 };
  const failing = await listByState(database, "failed", all);
  assertEquals(
    failing.map(({ number }) => number).toSorted(),
    statuses.filter(({ state }) => state === "failed")
      .map(({ number }) => number).toSorted(),
  );
  const changes = names.flatMap((name) => {
    const telling = counts.filter((run) =>
      run.job === name && run.state !== "errored"
    );
    return telling.flatMap((run, at) => {
      const before = telling[at - 1]?.state;
      return before === undefined || before === run.state
        ? []
        : [[run.number, before, run.state].join(" ")];
    });
  });
  const told = await listChanges(database, all);
  assertEquals(
    told.map(({ number, before, state }) => [number, before, state].join(" "))
      .toSorted(),
    changes.toSorted(),
  );
}

/** All that can be read of the history, against what the runs themselves say. */
async function assertHistory(store: Store, clock: Clock): Promise<void> {
  const { database } = store;
  const runs = await store.runs.list({});
  const counts = counted(runs);
  const lastOf = (name: string, until: number) =>
    counts.findLast((run) => run.job === name && (run.finishedAt ?? 0) < until);
  const page = await readPackages(database, place, "", 100);
  assertEquals(
    page.tests.map(({ test }) => test.number),
    names.map((name) => lastOf(name, Infinity)?.number ?? 0),
  );
  const two = await readPackages(database, place, "", 2);
  assertEquals(two.next, "bash");
  const changes = await readStateChanges(database, place);
  for (const each of countStatuses(changes, clock.now)) {
    const until = (dayOf(Date.parse(`${each.date}Z`)) + 1) * dayMs;
    const there = names.flatMap((name) => lastOf(name, until) ?? []);
    const count = (state: EndState) =>
      there.filter((run) => run.state === state).length;
    assertEquals(
      [each.pass, each.fail, each.neutral, each.tmpfail, each.total],
      [
        count("passed"),
        count("failed"),
        count("neutral"),
        count("errored"),
        there.length,
      ],
      each.date,
    );
  }
  for (const name of names) {
    const open = runs.filter((run) =>
      run.job === name && run.finishedAt !== null && !run.isPrivate &&
      run.state !== "aborted"
    ).toSorted((a, b) =>
      (b.finishedAt ?? 0) - (a.finishedAt ?? 0) || b.number - a.number
    ).map(({ number }) => number);
    const history = await readHistory(database, place, name, 1000);
    assertEquals(history.map(({ test }) => test.number), open);
    const some = await readHistory(database, place, name, 3);
    assertEquals(some.map(({ test }) => test.number), open.slice(0, 3));
    const telling = counts.filter((run) =>
      run.job === name && run.state !== "errored"
    );
    const news = telling.filter((run, at) =>
      at > 0 && run.state !== telling[at - 1]?.state
    ).toReversed().map(({ number }) => number);
    assertEquals(
      (await readNews(database, [place], name, 1000)).map(({ test }) =>
        test.number
      ),
      news,
    );
  }
}

for (const kind of ["embedded", "sqld"] as const) {
  Deno.test(`${kind}: the history says what the runs say, in whatever order they end and are published`, async () => {
    const clock = { now: Date.UTC(2026, 0, 1) };
    await using opened = await open(clock, kind, 9);
    const { store } = opened;
    const told = await live(store, clock);
    await assertHistory(store, clock);
    await assertKeptForPages(store);
    const ended = Object.keys(told).map(Number);
    const findings = await findFindings(store.database, ended);
    for (const number of ended) {
      const finding = findings.get(number);
      if (finding === undefined) continue;
      const { previousState, lastPass, version } = finding;
      assertEquals(
        [previousState, lastPass?.version ?? null, version],
        [...told[number] ?? [], `v${number}`],
        String(number),
      );
    }
    const aborted = (await store.runs.list({ states: ["aborted"] })).length;
    assertEquals(findings.size, ended.length - aborted);
  });

  Deno.test(`${kind}: tests that ended before the history was kept are in it`, async () => {
    const clock = { now: Date.UTC(2026, 0, 1) };
    await using opened = await open(clock, kind, 1);
    const { store } = opened;
    await live(store, clock);
    const { migrations } = autopkgtest();
    await migrate(store.database, [
      { owner: "autopkgtest", migrations },
    ], () => clock.now);
    await assertHistory(store, clock);
    await assertKeptForPages(store);
    const [worker] = await store.database.query(
      sql`select name from autopkgtest_worker`,
    );
    assertEquals(worker?.name, "worker");
  });
}
