/**
 * How long the app takes for the pages of the administration, over 100,000 runs
 * that are over, 10,000 that wait, 10,000 users and 1,000,000 lines of the audit,
 * on the embedded store. Within the app: without a network, and with a caller
 * who is known.
 *
 * @module
 */
import type { Submission } from "../core/run.ts";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { openEmbedded } from "../db/embedded.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { print } from "../scripts/script.ts";
import { startTestApp } from "../tests/app.ts";
import { distributionOf } from "./distribution.ts";

const storedRuns = 100_000;
const queuedRuns = 10_000;
const users = 10_000;
const lines = 1_000_000;
const runsPerWrite = 5_000;
const warmUps = 10;
const repetitions = 100;

const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
const test = await startTestApp([autopkgtest(), prow()], {
  database: openEmbedded(`${directory}/slipway.db`),
  now: Date.now,
});
try {
  const runner = await fill();
  print(`
| page                                                 |   min ms |   p50 ms |   p99 ms | CPU, p50 | CPU, p99 |  kB |
| ---------------------------------------------------- | -------- | -------- | -------- | -------- | -------- | --- |`);
  for (
    const path of [
      "/admin/users",
      "/admin/users?q=77&after=user-5000",
      "/admin/users?only=administrators",
      "/admin/users?q=no-such-user",
      "/admin/users/user-1",
      "/admin/users/user-7777",
      "/admin/groups",
      "/admin/groups/bots",
      "/admin/runners",
      `/admin/runners/${runner}`,
      "/admin/queues",
      "/admin/audit",
      "/admin/audit?principal=user:user-1",
      "/admin/audit?principal=user:user-7777",
      "/admin/audit?principal=user:user-1&action=keys:create",
      "/admin/audit?action=accounts:access",
      "/admin/audit?target=t500000",
      "/admin/audit?outcome=forbidden",
      "/admin/audit?outcome=forbidden&principal=user:user-1",
      "/admin/audit?since=2026-01-01&until=2026-01-02",
    ]
  ) await measure(path);
} finally {
  await test[Symbol.asyncDispose]();
  await Deno.remove(directory, { recursive: true });
}

async function measure(path: string): Promise<void> {
  const samples: number[] = [];
  const cpu: number[] = [];
  let bytes = 0;
  const headers = {
    ...await test.signIn("root"),
    "test-role": "admin",
    accept: "text/html",
  };
  for (let turn = -warmUps; turn < repetitions; turn++) {
    const before = process.cpuUsage();
    const begun = performance.now();
    const answer = await test.app.fetch(
      new Request(new URL(path, "http://127.0.0.1"), { headers }),
    );
    bytes = (await answer.arrayBuffer()).byteLength;
    const tookMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(before);
    if (turn >= 0) {
      samples.push(tookMs);
      cpu.push((user + system) / 1000);
    }
    if (answer.status !== 200) {
      throw new Error(`Cannot measure ${path}: it answers ${answer.status}`);
    }
  }
  const { min, p50, p99 } = distributionOf(samples);
  const ofCpu = distributionOf(cpu);
  print(`| ${
    [
      path.replace(/[\da-f]{8}-[\da-f-]{27}/, "ID").padEnd(52),
      ...[min, p50, p99, ofCpu.p50, ofCpu.p99].map((ms) =>
        ms.toFixed(1).padStart(8)
      ),
      (bytes / 1000).toFixed(0).padStart(3),
    ].join(" | ")
  } |`);
}

/** The id of a runner. */
async function fill(): Promise<string> {
  const { accounts, runs, runners, groups } = test.app.store;
  await accounts.ensure("user", "root", roles.admin);
  const { account: bots } = await accounts.ensure("group", "bots", ["*:read"]);
  await test.database.batch([sql`
    insert into account (kind, name, permissions, created_at) ${counted(users)}
    select 'user', 'user-' || value, ${JSON.stringify(roles.trigger)}, 0
    from counted`]);
  const { account } = await accounts.ensure("user", "user-1", []);
  await groups.addOwners(bots.id, [account]);
  const suites = ["unstable", "testing", "stable", "experimental"];
  const outcome = { state: "passed", message: "" } as const;
  for (let at = 0; at < storedRuns + queuedRuns; at += runsPerWrite) {
    const owner = await accounts.find(1 + at / runsPerWrite);
    if (owner === null) throw new Error("Cannot fill: an account is missing");
    const isOver = at < storedRuns;
    const labels = { backend: "autopkgtest", arch: "amd64" };
    const of = isOver ? account : owner;
    await runs.submit(
      "autopkgtest",
      { account: of.id, name: of.name },
      Array.from({ length: runsPerWrite }, (_, each): Submission => ({
        job: `package-${each}`,
        request: { package: `package-${each}` },
        task: {},
        labels: { ...labels, suite: suites[each % 4] ?? "" },
        ...isOver && { outcome },
      })),
    );
  }
  // A refusal in a thousand, and a thing in ten thousand that is rare.
  await test.database.batch([sql`
    insert into audit (at, principal, via, credential, action, target, source, outcome, request_id)
    ${counted(lines)}
    select 1767225600000 + value * 1000,
      'user:user-' || iif(value % 2 = 0, 1, value % ${users} + 1), 'session', 'c',
      iif(value % 10000 = 1, 'accounts:access', 'tests:create'), 't' || value, '192.0.2.1',
      iif(value % 1000 = 7, 'forbidden', 'done'), 'r' || value
    from counted`]);
  for (let at = 0; at < 100; at++) {
    await runners.register({
      id: crypto.randomUUID(),
      name: `runner-${at}`,
      offers: [{ backend: ["autopkgtest"], arch: ["amd64"], suite: ["*"] }],
      version: "1",
      token: crypto.randomUUID(),
    });
  }
  const [runner] = await runners.list(null, 1);
  for (let at = 0; at < 20 && runner; at++) {
    await test.app.store.attempts.claim({
      runnerId: runner.id,
      claimId: crypto.randomUUID(),
      attemptToken: crypto.randomUUID(),
      offers: runner.offers,
    });
  }
  return runner?.id ?? "";
}

/** The numbers from 1 on, as a table. */
function counted(count: number) {
  return sql`with recursive counted (value) as (
    select 1 union all select value + 1 from counted where value < ${count})`;
}
