import { assertEquals } from "@std/assert";
import { sql } from "../core/database.ts";
import { systemIds } from "../core/id.ts";
import { openEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { coreMigrations } from "./migrations/mod.ts";
import { openStore } from "./store.ts";

Deno.test("runs that were queued before the queue was fair take turns too", async () => {
  const database = openEmbedded(":memory:");
  try {
    const now = () => 1000;
    const upTo = async (count: number) =>
      await migrate(
        database,
        [{ owner: "core", migrations: coreMigrations.slice(0, count) }],
        now,
      );
    await upTo(6);
    await database.batch([
      sql`insert into account (id, kind, name, permissions, created_at)
          values (1, 'user', 'alice', '[]', 1), (2, 'user', 'bob', '[]', 1)`,
      sql`insert into runner (id, name, token_sha256, offers, version, registered_at, seen_at)
          values ('r', 'r', 'x', '[]', '0', 1, 1)`,
      sql`insert into queue (key, labels) values ('backend=dummy', '{"backend":"dummy"}')`,
      sql`insert into run (
            id, backend, job, owner, owner_name, is_private, request, task, queue_key, priority, state,
            created_at, queued_at, updated_at
          )
          select value ->> 0, 'dummy', value ->> 0, value ->> 1, '', 0, '{}', '{}', 'backend=dummy', 0, value ->> 2, 1, 1, 1
          from json_each(${
        JSON.stringify([
          ["a-over", 1, "passed"],
          ["a1", 1, "queued"],
          ["a2", 1, "queued"],
          ["a3", 1, "queued"],
          ["b1", 2, "queued"],
          ["b2", 2, "queued"],
        ])
      })`,
    ]);
    assertEquals(await upTo(7), ["core/0007_fair_queue"]);
    await upTo(coreMigrations.length);
    const { attempts } = openStore(database, now, systemIds(now), {
      ackMs: 1000,
      leaseMs: 1000,
    });
    const order: (string | undefined)[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const run = await attempts.claim({
        runnerId: "r",
        claimId: crypto.randomUUID(),
        attemptToken: crypto.randomUUID(),
        offers: [{ backend: ["dummy"] }],
      });
      order.push(run?.job);
    }
    assertEquals(order, ["a1", "b1", "a2", "b2", "a3"]);
  } finally {
    database.close();
  }
});
