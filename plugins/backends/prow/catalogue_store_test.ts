import { assertEquals, assertRejects } from "@std/assert";
import { type Database, sql } from "../../../core/database.ts";
import { openEmbedded } from "../../../db/embedded.ts";
import { migrate } from "../../../db/migrate.ts";
import { coreMigrations } from "../../../db/migrations/mod.ts";
import {
  catalogueIsEmpty,
  compareCatalogue,
  findJobs,
  importCatalogue,
} from "./catalogue_store.ts";
import { readCatalogue } from "./catalogue.ts";
import type { Job } from "./job.ts";
import prow from "./mod.ts";

const now = () => 1000;

async function openCatalogue(): Promise<Database & Disposable> {
  const database = openEmbedded(":memory:");
  const { migrations } = prow();
  await migrate(database, [
    { owner: "core", migrations: coreMigrations },
    { owner: "prow", migrations },
  ], now);
  return Object.assign(database, {
    [Symbol.dispose]: () => database.close(),
  });
}

function jobs(text: string): readonly Job[] {
  const { jobs, faults } = readCatalogue([{ path: "f.yaml", text }]);
  assertEquals(faults, []);
  return jobs;
}

const spec = "spec: {containers: [{command: [c]}]}";
const first = jobs(`
periodics: [{name: same, ${spec}}, {name: other, ${spec}}, {name: gone, ${spec}}]
presubmits: {o/r: [{name: p, branches: [main], ${spec}}, {name: p, branches: [dev], ${spec}}]}
`);
const titles = [
  "periodic same",
  "periodic other",
  "periodic gone",
  "presubmit p of o/r on main",
  "presubmit p of o/r on dev",
];
const second = jobs(`
periodics: [{name: same, ${spec}}, {name: other, cluster: x, ${spec}}, {name: new, ${spec}}]
presubmits: {o/r: [{name: p, branches: [main], ${spec}}]}
`);

Deno.test("an import replaces the catalogue and tells what it changed", async () => {
  using database = await openCatalogue();
  assertEquals(await catalogueIsEmpty(database), true);
  await importCatalogue(database, first, now);
  assertEquals(await catalogueIsEmpty(database), false);
  const expected = {
    added: ["periodic new"],
    changed: ["periodic other"],
    removed: ["periodic gone", "presubmit p of o/r on dev"],
    unchanged: 2,
  };
  assertEquals(await compareCatalogue(database, second), expected);
  assertEquals(await importCatalogue(database, second, now), expected);
  assertEquals(await importCatalogue(database, second, now), {
    added: [],
    changed: [],
    removed: [],
    unchanged: 4,
  });
  assertEquals(await findJobs(database, "periodic", "", "gone"), []);
  const [other] = await findJobs(database, "periodic", "", "other");
  assertEquals(other?.cluster, "x");
});

Deno.test("compareCatalogue() takes a database that is not there, or not migrated, for empty", async () => {
  const all = {
    added: titles,
    changed: [],
    removed: [],
    unchanged: 0,
  };
  assertEquals(await compareCatalogue(null, first), all);
  const database = openEmbedded(":memory:");
  try {
    assertEquals(await compareCatalogue(database, first), all);
    const tables = await database.query(sql`select name from sqlite_master`);
    assertEquals(tables, []);
  } finally {
    database.close();
  }
});

Deno.test("gangway 52: a job is found by its exact name, in its place, as its type", async () => {
  using database = await openCatalogue();
  await importCatalogue(database, first, now);
  const branches = async (...place: Parameters<typeof findJobs>) =>
    (await findJobs(...place)).map((job) => job.branches?.[0]);
  assertEquals(await branches(database, "presubmit", "o/r", "p"), [
    "main",
    "dev",
  ]);
  assertEquals(await branches(database, "presubmit", "o/r", "P"), []);
  assertEquals(await branches(database, "presubmit", "o/R", "p"), []);
  assertEquals(await branches(database, "postsubmit", "o/r", "p"), []);
  assertEquals(await branches(database, "periodic", "", "sam"), []);
});

Deno.test("an import that fails leaves the catalogue as it was", async () => {
  using database = await openCatalogue();
  await importCatalogue(database, first, now);
  await database.batch([
    sql`create trigger refuse before insert on prow_job when new.name = 'new' begin select raise(abort, 'no'); end`,
  ]);
  await assertRejects(() => importCatalogue(database, second, now));
  const [gone] = await findJobs(database, "periodic", "", "gone");
  assertEquals(gone?.name, "gone");
});

Deno.test("a definition comes back from the store as it was imported, thousands of them too", async () => {
  using database = await openCatalogue();
  const many = Array.from({ length: 1001 }, (_, index) => ({
    type: "periodic" as const,
    orgRepo: "",
    source: "f.yaml",
    definition: {
      name: `job-${index}`,
      agent: "kubernetes",
      cluster: "default",
      labels: { text: '"é\n\\' },
    },
  }));
  const { added } = await importCatalogue(database, many, now);
  assertEquals(added.length, 1001);
  const [last] = await findJobs(database, "periodic", "", "job-1000");
  assertEquals(last, many[1000]?.definition);
});
