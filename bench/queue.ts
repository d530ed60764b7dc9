/**
 * The store's part of queueing, without HTTP: what a claim takes with 100,000
 * runs queued, and what it takes to queue one run or 5,000 in one write. On
 * the embedded database, on a file that is made and taken away again.
 *
 * @module
 */
import { systemIds } from "../core/id.ts";
import type { Principal } from "../core/principal.ts";
import type { Submission } from "../core/run.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { coreMigrations } from "../db/migrations/mod.ts";
import { openStore } from "../db/store.ts";
import { print } from "../scripts/script.ts";
import { distributionOf } from "./distribution.ts";

const batchSize = 5000;
const queuedRuns = 100_000;
const suites = ["unstable", "testing", "stable", "experimental"];

const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
const database = openEmbedded(`${directory}/slipway.db`);
try {
  const durations = { ackMs: 86_400_000, leaseMs: 86_400_000 };
  const store = openStore(
    database,
    Date.now,
    systemIds(Date.now),
    durations,
  );
  await migrate(
    database,
    [{ owner: "core", migrations: coreMigrations }],
    Date.now,
  );
  const runnerId = crypto.randomUUID();
  await store.runners.register({
    id: runnerId,
    name: "bench",
    offers: [],
    token: crypto.randomUUID(),
    version: "0",
  });
  const owners = await Promise.all(
    ["britney", "alice", "bob"].map(async (name): Promise<Principal> => {
      const { account } = await store.accounts.ensure("user", name, []);
      const { id, kind, permissions } = account;
      return {
        kind,
        account: id,
        name,
        permissions,
        limits: [],
        via: "bench",
        credential: "",
      };
    }),
  );

  print(`
| store verb                     | count |   min ms |   p50 ms |   p95 ms | CPU ms, p50 |
| ------------------------------ | ----- | -------- | -------- | -------- | ----------- |`);
  const batches = queuedRuns / batchSize;
  await measure(`submit ${batchSize}`, batches, async (turn) => {
    const suite = suites[turn % suites.length] ?? "";
    const runs = Array.from({ length: batchSize }, (_, at) => test(at, suite));
    await store.runs.submit("autopkgtest", pick(owners, turn), runs);
  });
  await measure("submit 1", 1000, async (turn) => {
    const suite = suites[turn % suites.length] ?? "";
    await store.runs.submit("autopkgtest", pick(owners, turn), [
      test(turn, suite),
    ]);
  });
  const claimed: { runId: string; attemptToken: string }[] = [];
  await measure("claim", 1000, async () => {
    const attemptToken = crypto.randomUUID();
    const run = await store.attempts.claim({
      runnerId,
      claimId: crypto.randomUUID(),
      attemptToken,
      offers: [{ backend: ["autopkgtest"], arch: ["amd64"], suite: ["*"] }],
    });
    if (run === null) throw new Error("Cannot measure: nothing was claimed");
    claimed.push({ runId: run.id, attemptToken });
  });
  await measure("start", 1000, async (turn) => {
    await store.attempts.start(pick(claimed, turn));
  });
  const passed = { state: "passed", message: "All tests passed" } as const;
  await measure("finish", 1000, async (turn) => {
    const end = { kind: "exited", exitCode: 0 } as const;
    await store.attempts.finish(pick(claimed, turn), end, passed);
  });
  const queued = await store.runs.list({ states: ["queued"] });
  await measure("queue place of one", 100, async (turn) => {
    await store.runs.queuePlaces([pick(queued, turn * 997)]);
  });
  await measure("queue places of 100", 20, async (turn) => {
    await store.runs.queuePlaces(queued.slice(turn * 997, turn * 997 + 100));
  });
  const ids = queued.slice(0, batchSize).map(({ id }) => id);
  await measure(`cancel ${batchSize}`, 1, async () => {
    const which = { backend: "autopkgtest", ids, states: ["queued"] } as const;
    await store.attempts.cancelMany(which, {
      state: "aborted",
      message: "Cancelled",
    });
  });
} finally {
  database.close();
  await Deno.remove(directory, { recursive: true });
}

/** A package test as debci's dialect asks for it. */
function test(at: number, suite: string): Submission {
  const name = `package-${at}`;
  const trigger = `src:glibc/2.40-${at}`;
  const pins = [["src:glibc", "experimental"]];
  return {
    job: name,
    request: { package: name, suite, arch: "amd64", trigger, pins },
    task: { package: name, suite, trigger, pins, timeoutSeconds: 20_000 },
    labels: { backend: "autopkgtest", arch: "amd64", suite },
    priority: 5,
  };
}

async function measure(
  name: string,
  count: number,
  act: (turn: number) => Promise<void>,
): Promise<void> {
  const tookMs: number[] = [];
  const cpuMs: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    await act(turn);
    tookMs.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMs.push((user + system) / 1000);
  }
  const { min, p50, p95 } = distributionOf(tookMs);
  const figures = [min, p50, p95].map((ms) => ms.toFixed(2).padStart(8));
  figures.push(distributionOf(cpuMs).p50.toFixed(2).padStart(11));
  print(
    `| ${name.padEnd(30)} | ${String(count).padStart(5)} | ${
      figures.join(" | ")
    } |`,
  );
}

function pick<T>(from: readonly T[], turn: number): T {
  const one = from[turn % from.length];
  if (one === undefined) throw new Error("Cannot pick from an empty list");
  return one;
}
