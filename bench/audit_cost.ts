/**
 * What the audit costs a create: the embedded store on a file, `fsync` on, one
 * run after the other and 32 at once, with the line in the runs' own write and
 * without. In turns, since the machine's load changes.
 *
 * @module
 */
import { systemIds } from "../core/id.ts";
import { roles } from "../core/permission.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { coreMigrations } from "../db/migrations/mod.ts";
import { openStore } from "../db/store.ts";
import { print } from "../scripts/script.ts";

const rounds = 30;
const perRound = 64;

const folder = await Deno.makeTempDir({ prefix: "slipway-bench-" });
const database = openEmbedded(`${folder}/slipway.db`);
try {
  await migrate(
    database,
    [{ owner: "core", migrations: coreMigrations }],
    Date.now,
  );
  const durations = { ackMs: 15_000, leaseMs: 60_000 };
  const store = openStore(
    database,
    Date.now,
    systemIds(Date.now),
    durations,
  );
  const { account } = await store.accounts.ensure("user", "a", roles.trigger);
  const owner = { account: account.id, name: account.name };
  const submission = { job: "a", request: {}, task: {}, labels: {} };
  const entry = {
    principal: "user:a",
    via: "bearer",
    credential: crypto.randomUUID(),
    action: "executions:create",
    source: "192.0.2.1",
    outcome: "done",
    requestId: crypto.randomUUID(),
  };
  const create = (isAudited: boolean) =>
    store.runs.submit(
      "prow",
      owner,
      [submission],
      isAudited
        ? (targets) => [store.audit.lines({ ...entry, targets })]
        : undefined,
    );
  for (const atOnce of [1, 32]) {
    const tookMs: Record<string, number[]> = { without: [], with: [] };
    for (let round = 0; round < rounds; round++) {
      for (const way of ["without", "with"]) {
        const started = performance.now();
        for (let made = 0; made < perRound; made += atOnce) {
          await Promise.all(
            Array.from({ length: atOnce }, () => create(way === "with")),
          );
        }
        tookMs[way]?.push((performance.now() - started) / perRound);
      }
    }
    for (const [way, took] of Object.entries(tookMs)) {
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) =>
        ((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN) * 1000)
          .toFixed(0);
      print(
        `${atOnce} at once, ${way} audit: ${at(0)} µs fastest, ${
          at(0.5)
        } µs median`,
      );
    }
  }
} finally {
  database.close();
  await Deno.remove(folder, { recursive: true });
}
