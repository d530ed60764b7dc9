import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Database, sql } from "../../../core/database.ts";
import { sha256Hex } from "../../../core/id.ts";
import { roles } from "../../../core/permission.ts";
import { AccountStore } from "../../../db/account_store.ts";
import { SignInStore } from "../../../db/sign_in_store.ts";
import { openAuthStore } from "../../../tests/conformance/auth.ts";
import { insertAuthKey } from "./key.ts";
import authKey from "./mod.ts";

const minuteMs = 60_000;

/** A store with one key, and servers on it whose reads and writes are counted. */
async function openUse() {
  const store = await openAuthStore(authKey());
  const { accounts, database, clock, logged } = store;
  const { account } = await accounts.ensure("user", "alice", roles.trigger);
  const key = crypto.randomUUID();
  const row = { id: "k1", account: account.id, key, name: "", now: clock.now };
  await database.batch([await insertAuthKey(row)]);
  const count = { reads: 0, writes: 0 };
  const values: unknown[] = [];
  const counted: Database = {
    query: (statement) => {
      count.reads++;
      values.push(...statement.values);
      return database.query(statement);
    },
    batch: (statements) => {
      count.writes++;
      return database.batch(statements);
    },
    close: () => {},
  };
  const startServer = (lateMs = 0) => {
    const now = () => clock.now - lateMs;
    const authenticate = authKey().start({
      database: counted,
      accounts: new AccountStore(counted, now),
      signIns: new SignInStore(counted, now),
      now,
      fetch: () => Promise.reject(new Error("it asked the network")),
      log: (...line) => logged.push(JSON.stringify(line)),
    });
    const headers = { "auth-key": key };
    return () => authenticate(new Request("http://slipway.test/", { headers }));
  };
  return {
    database,
    clock,
    logged,
    count,
    /** What was put into reads. */
    values,
    key,
    startServer,
    lastUsedAt: async () =>
      (await database.query(sql`select last_used_at from auth_key_key`))[0]
        ?.last_used_at,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

Deno.test("a key costs one read a request, and a write a minute", async () => {
  using use = await openUse();
  const signIn = use.startServer();
  for (let request = 0; request < 100; request++) await signIn();
  assertEquals(use.count, { reads: 100, writes: 1 });
  use.clock.now += minuteMs;
  await signIn();
  assertEquals(use.count, { reads: 101, writes: 2 });
  assertEquals(await use.lastUsedAt(), use.clock.now);
});

Deno.test("a key is looked up by its hash alone, so that the time it takes tells nothing of keys that there are", async () => {
  using use = await openUse();
  const signIn = use.startServer();
  await signIn();
  const asked = use.values.filter((value) => typeof value === "string");
  assertEquals(asked, [await sha256Hex(use.key)]);
});

Deno.test("requests that come at once write once", async () => {
  using use = await openUse();
  const signIn = use.startServer();
  await Promise.all(Array.from({ length: 50 }, signIn));
  assertEquals(use.count.writes, 1);
});

Deno.test("a use that another server recorded is not recorded again", async () => {
  using use = await openUse();
  await use.startServer()();
  use.clock.now += minuteMs - 1;
  await use.startServer()();
  assertEquals(use.count.writes, 1);
});

Deno.test("a last use never goes back, whatever the servers' clocks say", async () => {
  using use = await openUse();
  await Promise.all([use.startServer()(), use.startServer(10 * minuteMs)()]);
  assertEquals(await use.lastUsedAt(), use.clock.now);
  await use.startServer(10 * minuteMs)();
  assertEquals(await use.lastUsedAt(), use.clock.now);
});

Deno.test("a store that takes no writes refuses nobody, and is tried once a minute", async () => {
  using use = await openUse();
  const signIn = use.startServer();
  await use.database.batch([sql`
    create trigger full before update on auth_key_key begin
      select raise(abort, 'disk full'); end`]);
  for (let request = 0; request < 10; request++) {
    assertEquals((await signIn())?.credential, "k1");
  }
  assertEquals(use.count.writes, 1);
  const [line = "", ...more] = use.logged;
  assertEquals(more, []);
  assertStringIncludes(line, "Cannot record the last use of an Auth-Key");
  assertEquals(line.includes(use.key), false);
  await use.database.batch([sql`drop trigger full`]);
  use.clock.now += minuteMs;
  await signIn();
  assertEquals(await use.lastUsedAt(), use.clock.now);
});

Deno.test("a refused key leaves no use behind", async () => {
  using use = await openUse();
  const signIn = use.startServer();
  await use.database.batch([sql`update account set disabled_at = 1`]);
  await signIn().catch(() => {});
  await use.database.batch([
    sql`update account set disabled_at = null`,
    sql`update auth_key_key set revoked_at = 1`,
  ]);
  await signIn().catch(() => {});
  assertEquals([use.count.writes, await use.lastUsedAt()], [0, null]);
});
