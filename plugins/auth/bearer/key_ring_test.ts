import { assert, assertEquals } from "@std/assert";
import type { Database } from "../../../core/database.ts";
import { openAuthStore } from "../../../tests/conformance/auth.ts";
import { KeyRing } from "./key_ring.ts";
import { importKeySet } from "./key_set.ts";
import { keepKey, retireKey } from "./key_store.ts";
import bearer from "./mod.ts";
import { generateSigningKey, importSigningKey } from "./signing_key.ts";

/** A ring that holds one key, on a store whose reads are counted. */
async function openRing() {
  const store = await openAuthStore(bearer());
  const count = { reads: 0 };
  const database: Database = {
    ...store.database,
    query: (statement) => {
      count.reads++;
      return store.database.query(statement);
    },
  };
  const held = await importKeySet(await generateSigningKey());
  const ring = new KeyRing({
    database,
    now: Date.now,
    held: () => Promise.resolve(held),
  });
  return {
    ring,
    held,
    count,
    write: (...statements: Parameters<Database["batch"]>[0]) =>
      store.database.batch(statements),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

const makeKey = async () => await importSigningKey(await generateSigningKey());

Deno.test("a held key is found without asking the store", async () => {
  using world = await openRing();
  const { kid } = world.held.active;
  assertEquals((await world.ring.find(kid))?.kid, kid);
  assertEquals(world.count.reads, 0);
});

Deno.test("each new key of the store is found at its first token, however soon after another", async () => {
  using world = await openRing();
  for (let i = 0; i < 4; i++) {
    const key = await makeKey();
    await world.write(keepKey(key, i));
    assertEquals((await world.ring.find(key.kid))?.kid, key.kid);
    assertEquals((await world.ring.find(key.kid))?.kid, key.kid);
  }
  assertEquals(world.count.reads, 4);
});

Deno.test("a flood of unknown keys reads the store some times a second, and hides no new key", async () => {
  using world = await openRing();
  const key = await makeKey();
  const flood = Array.from(
    { length: 2000 },
    (_, index) => world.ring.find(String(index).padStart(43, "k")),
  );
  await world.write(keepKey(key, 0));
  assertEquals((await world.ring.find(key.kid))?.kid, key.kid);
  assertEquals(new Set(await Promise.all(flood)), new Set([null]));
  assert(world.count.reads <= 3, `${world.count.reads} reads`);
});

Deno.test("what is no thumbprint never reaches the store", async () => {
  using world = await openRing();
  for (
    const kid of [undefined, "", "../../dev/null", "' or 1=1", "k".repeat(44)]
  ) {
    assertEquals(await world.ring.find(kid), null);
  }
  assertEquals(world.count.reads, 0);
});

Deno.test("retired keys are published no more", async () => {
  using world = await openRing();
  const [one, two] = [await makeKey(), await makeKey()];
  await world.write(keepKey(one, 1), keepKey(two, 2), retireKey(two.kid, 3));
  assertEquals((await world.ring.all()).map(({ kid }) => kid), [
    world.held.active.kid,
    one.kid,
  ]);
});
