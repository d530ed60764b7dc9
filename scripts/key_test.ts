import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { readSettings } from "../core/settings.ts";
import { silentLog } from "../core/log.ts";
import { AccountStore } from "../db/account_store.ts";
import { openDatabase } from "../db/open.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import { readKeyArguments } from "./key.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

async function signIn(path: string, key: string) {
  const database = openDatabase(readSettings({ SLIPWAY_DATA: path }));
  try {
    const authenticate = authKey().start({
      database,
      accounts: new AccountStore(database, Date.now),
      now: Date.now,
      fetch,
      log: silentLog,
    });
    const headers = { "auth-key": key };
    return await authenticate(
      new Request("http://slipway.test/", { headers }),
    );
  } finally {
    database.close();
  }
}

Deno.test("each key of a user works, and only it is on standard output", async () => {
  await using data = await makeDataFolder();
  const first = await data.run("key.ts", ["--user", "alice"]);
  assertEquals(first.code, 0, first.stderr);
  assertMatch(first.stdout, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}\n$/);
  assertStringIncludes(first.stderr, "the new user alice");
  const second = await data.run("key.ts", ["--user", "alice"]);
  for (const { stdout } of [first, second]) {
    const principal = await signIn(data.path, stdout.trim());
    assertEquals([principal?.kind, principal?.name], ["user", "alice"]);
  }
});

Deno.test("a wrong call ends with 2 and writes nothing", async () => {
  await using data = await makeDataFolder();
  const { code, stdout, stderr } = await data.run("key.ts", ["alice"]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "a user is named with --user NAME");
  assertEquals(await Deno.stat(data.path).catch(() => null), null);
});

Deno.test("readKeyArguments() refuses what is no name", () => {
  for (const name of ["Alice", "a b", "../etc", "-", "a".repeat(64)]) {
    assertThrows(() => readKeyArguments([`--user=${name}`]), UsageError);
  }
  assertThrows(
    () => readKeyArguments([]),
    UsageError,
    "--user NAME is missing",
  );
});
