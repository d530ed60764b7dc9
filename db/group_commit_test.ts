import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { sql, type Statement } from "../core/database.ts";
import { GroupCommit, type Settled } from "./group_commit.ts";

/** Commits that a test lets end one by one. */
function commits() {
  const groups: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const begin = async (
    batches: readonly (readonly Statement[])[],
  ): Promise<readonly Settled[]> => {
    groups.push(batches.length);
    const end = Promise.withResolvers<void>();
    ends.push(end);
    await end.promise;
    return batches.map(() => ({ ok: true, results: [] }));
  };
  return { groups, ends, writes: new GroupCommit(begin) };
}

const batch = [sql`select 1`];

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

Deno.test("batches that come while a commit is under way share the next one, which waits for it", async () => {
  const { groups, ends, writes } = commits();
  const all = [writes.submit(batch)];
  await turns(10);
  for (let count = 0; count < 40; count++) all.push(writes.submit(batch));
  await turns(10);
  assertEquals(groups, [1]);
  ends[0]?.resolve();
  await turns(10);
  assertEquals(groups, [1, 40]);
  ends[1]?.resolve();
  assertEquals((await Promise.all(all)).length, 41);
});

Deno.test("a commit takes only so many batches, and the rest goes with the next", async () => {
  const { groups, ends, writes } = commits();
  const all = Array.from({ length: 300 }, () => writes.submit(batch));
  await turns(10);
  ends[0]?.resolve();
  await turns(10);
  ends[1]?.resolve();
  await Promise.all(all);
  const [first = 0, second = 0] = groups;
  assertEquals(first + second, 300);
  assertLess(first, 300);
});

Deno.test("a commit that fails fails its own batches, and those that follow are written", async () => {
  let isBroken = true;
  const writes = new GroupCommit((batches) =>
    isBroken
      ? Promise.reject(new Error("disk full"))
      : Promise.resolve(batches.map(() => ({ ok: true, results: [] })))
  );
  const broken = [writes.submit(batch), writes.submit(batch)];
  for (const each of broken) {
    await assertRejects(() => each, Error, "disk full");
  }
  isBroken = false;
  assertEquals(await writes.submit(batch), []);
});
