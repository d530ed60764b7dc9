import { assertEquals } from "@std/assert";
import { sql } from "../../../core/database.ts";
import { openEmbedded } from "../../../db/embedded.ts";
import { migrate } from "../../../db/migrate.ts";
import { coreMigrations } from "../../../db/migrations/mod.ts";
import prow from "./mod.ts";

Deno.test("a catalogue of an earlier version is searched by what newer imports tell apart", async () => {
  const database = openEmbedded(":memory:");
  try {
    const { migrations } = prow();
    const step = migrations.findIndex(({ name }) => /_job_search$/.test(name));
    const upTo = (count: number) =>
      migrate(database, [
        { owner: "core", migrations: coreMigrations },
        { owner: "prow", migrations: migrations.slice(0, count) },
      ], () => 0);
    await upTo(step);
    const definition = JSON.stringify({
      cluster: "far",
      agent: "jenkins",
      prowjob_defaults: { tenant_id: "team" },
    });
    for (
      const [position, orgRepo, text] of [
        [1, "https://host/o/r", definition],
        [2, "o/r", "{}"],
        [3, "", "{}"],
      ] as const
    ) {
      await database.batch([sql`
        insert into prow_job (position, type, org_repo, name, source, definition, imported_at)
        values (${position}, 'presubmit', ${orgRepo}, 'j', 's', ${text}, 0)`]);
    }
    await upTo(step + 1);
    const rows = await database.query(
      sql`select org, cluster, agent, tenant from prow_job order by position`,
    );
    assertEquals(rows.map((row) => Object.values(row)), [
      ["https://host/o", "far", "jenkins", "team"],
      ["o", "", "", ""],
      ["", "", "", ""],
    ]);
  } finally {
    database.close();
  }
});
