import { assert, assertEquals } from "@std/assert";
import { type Database, sql } from "../../../../core/database.ts";
import type { Limit } from "../../../../core/limit.ts";
import { startPages } from "../../../../tests/pages.ts";
import {
  findOwn,
  listOwn,
  maxSearched,
  type OwnFilter,
} from "./request_store.ts";

const count = 2 * maxSearched + 100;

/** A store in which an account has asked for many tests; every 1000th is private. */
async function seeded() {
  const rig = await startPages();
  await rig.ask({ package: "seed" });
  const { database } = rig.app;
  await database.batch([sql`
    with recursive n (i) as (
      select 1 union all select i + 1 from n where i < ${count}
    )
    insert into run (id, backend, job, owner, owner_name, is_private, request,
      task, queue_key, priority, state, created_at, queued_at, updated_at,
      retry_delays, fair)
    select 'id-' || i, backend, 'pkg' || (i % 300), owner, owner_name,
      i % 1000 = 0, json_set(request, '$.trigger', 'trigger-' || i), task,
      queue_key, priority, 'passed', created_at, queued_at, updated_at,
      retry_delays, fair
    from run, n where number = 1`]);
  const [row] = await database.query(sql`select owner from run limit 1`);
  return { rig, database, owner: { account: Number(row?.owner), limits: [] } };
}

/** What the store is asked, as SQLite would go about it. */
function planned(database: Database): { plans: string[]; spied: Database } {
  const plans: string[] = [];
  const spied: Database = {
    ...database,
    query: async ({ text, values }) => {
      const plan = await database.query({
        text: `explain query plan ${text}`,
        values,
      });
      plans.push(...plan.map(({ detail }) => String(detail)));
      return await database.query({ text, values });
    },
    batch: (statements) => database.batch(statements),
    close: () => {},
  };
  return { plans, spied };
}

Deno.test("a search looks only so far back, says so, and goes on from there without a gap", async () => {
  const { rig, database, owner } = await seeded();
  await using _rig = rig;
  const wanted = [`trigger-${count}`, "trigger-7"];
  for (const trigger of wanted) {
    const found: string[] = [];
    let pages = 0;
    let before: number | undefined;
    do {
      const page = await listOwn(database, owner, {
        trigger,
        ...before !== undefined && { before },
      }, 10_000);
      found.push(...page.tests.map(({ trigger }) => trigger));
      before = page.next ?? undefined;
      assertEquals(page.isCut, before !== undefined);
      pages++;
    } while (before !== undefined && pages < 9);
    assertEquals(pages, 3);
    assert(found.includes(trigger));
    assertEquals(new Set(found).size, found.length);
  }
});

Deno.test("every list of somebody's tests is read off an index, in its order", async () => {
  const { rig, database, owner } = await seeded();
  await using _rig = rig;
  for (
    const [filter, index] of [
      [{}, "PRIMARY KEY (owner=?"],
      [{ before: 500 }, "PRIMARY KEY (owner=?"],
      [{ trigger: "x", states: ["passed"] }, "PRIMARY KEY (owner=?"],
      [{ package: "pkg*" }, "PRIMARY KEY (owner=?"],
      [{ package: "pkg7" }, "autopkgtest_request_by_package (owner=?"],
      [
        { package: "pkg7", before: 500 },
        "autopkgtest_request_by_package (owner=?",
      ],
      [{ isPrivate: true }, "autopkgtest_request_private (owner=?"],
      [
        { isPrivate: true, before: 500 },
        "autopkgtest_request_private (owner=?",
      ],
    ] satisfies [OwnFilter, string][]
  ) {
    const { plans, spied } = planned(database);
    await listOwn(spied, owner, filter, 50);
    const list = plans.filter((line) => line.includes("SEARCH asked"));
    assert(list.length > 0, plans.join("\n"));
    for (const line of list) {
      assert(line.includes(index), `${JSON.stringify(filter)}: ${line}`);
    }
    assert(!plans.some((line) => /TEMP B-TREE/.test(line)), plans.join("\n"));
  }
});

Deno.test("the list has every test as its run says, and learns when one is published", async () => {
  const { rig, database, owner } = await seeded();
  await using _rig = rig;
  const privates = async () =>
    (await listOwn(database, owner, { isPrivate: true }, 100)).tests;
  const before = await privates();
  assertEquals(before.length, Math.floor(count / 1000));
  await rig.publish(before[0]?.number ?? 0);
  assertEquals(await privates(), before.slice(1));
  const stored = await database.query(sql`
    select count(*) as count from run join autopkgtest_request as asked
      on asked.number = run.number and asked.owner = run.owner
      and asked.package = run.job and asked.is_private = run.is_private
      and asked.cause = coalesce(run.request ->> '$.trigger', '')`);
  assertEquals(stored[0]?.count, count + 1);
});

Deno.test("whoever is limited to some packages finds only those, page by page, by number too", async () => {
  const { rig, database, owner: { account } } = await seeded();
  await using _rig = rig;
  const limited = (limits: readonly Limit[]) => ({ account, limits });
  const owner = limited([{ jobs: ["pkg7", "pkg1?"] }, { jobs: ["*7"] }]);
  const found: string[] = [];
  let before: number | undefined;
  for (let pages = 0; pages < 9; pages++) {
    const page = await listOwn(database, owner, {
      ...before !== undefined && { before },
    }, 50);
    found.push(...page.tests.map((test) => test.package));
    before = page.next ?? undefined;
    if (before === undefined) break;
  }
  assertEquals(new Set(found), new Set(["pkg7", "pkg17"]));
  assertEquals(found.length, 2 * Math.floor(count / 300) + 2);
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const named = (await findOwn(database, owner, numbers)).map((test) =>
    test.package
  );
  assertEquals(named, ["pkg17", "pkg7"]);
  for (const limit of [{ backends: ["prow"] }, { jobs: ["pkg[7]"] }]) {
    assertEquals(await findOwn(database, limited([limit]), numbers), []);
    const { tests } = await listOwn(database, limited([limit]), {}, 50);
    assertEquals(tests, []);
  }
});
