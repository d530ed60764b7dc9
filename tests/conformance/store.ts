import { systemIds } from "../../core/id.ts";
import { migrate } from "../../db/migrate.ts";
import { coreMigrations } from "../../db/migrations/mod.ts";
import { openStore } from "../../db/store.ts";
import type { OpenedDatabase } from "./database.ts";
import { testArtifacts } from "./store/artifact.ts";
import { testAttempts } from "./store/attempt.ts";
import { ackMs, Bench, leaseMs } from "./store/bench.ts";
import { testCancel } from "./store/cancel.ts";
import { testClaims } from "./store/claim.ts";
import { testIdempotency } from "./store/idempotency.ts";
import { testLeases } from "./store/lease.ts";
import { testLogs } from "./store/log.ts";
import { testRuns } from "./store/run.ts";

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
    const bench = await Bench.create(store, clock);
    await testClaims(t, bench);
    await testAttempts(t, bench);
    await testLeases(t, bench);
    await testCancel(t, bench);
    await testLogs(t, bench);
    await testArtifacts(t, bench);
    await testIdempotency(t, bench);
    // Last, since they leave runs in the queues.
    await testRuns(t, bench);
  });
}
