import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ApiError } from "../core/error.ts";
import { readSettings } from "../core/settings.ts";
import { silentLog } from "../core/log.ts";
import { AccountStore } from "../db/account_store.ts";
import { openDatabase } from "../db/open.ts";
import { SignInStore } from "../db/sign_in_store.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import { readKeyArguments } from "./key.ts";
import { UsageError } from "./script.ts";
import { type DataFolder, makeDataFolder } from "./testing.ts";

async function signIn(path: string, key: string) {
  const database = openDatabase(readSettings({ SLIPWAY_DATA: path }));
  try {
    const authenticate = authKey().start({
      database,
      accounts: new AccountStore(database, Date.now),
      signIns: new SignInStore(database, Date.now),
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

Deno.test("keys are listed with their use and never themselves; a revoked one is dead", async () => {
  await using data = await makeDataFolder();
  const none = await data.run("key.ts", ["list"]);
  assertEquals([none.code, none.stdout], [0, ""], none.stderr);
  assertEquals(await Deno.stat(data.path).catch(() => null), null);

  const made = ["--user", "alice", "--name", "laptop"];
  const key = (await data.run("key.ts", made)).stdout.trim();
  await data.run("key.ts", ["--user", "bob"]);
  const all = await data.run("key.ts", ["list"]);
  assertEquals(all.stdout.trim().split("\n").length, 2);
  const before = await listed(data);
  assertEquals(before.slice(1), ["user:alice", "never", "live", "laptop"]);

  await signIn(data.path, key);
  const [id = "", , used = ""] = await listed(data);
  assertMatch(used, /^\d{4}-\d\d-\d\dT/);
  const { code, stdout, stderr } = await data.run("key.ts", ["revoke", id]);
  assertEquals([code, stdout], [0, ""], stderr);
  assertMatch((await listed(data))[3] ?? "", /^revoked \d{4}-/);
  await assertRejects(() => signIn(data.path, key), ApiError, "revoked");
  const texts = JSON.stringify([all, stderr]);
  assertEquals(texts.includes(key), false);
});

/** Alice's one key: id, owner, last use, state, description. */
async function listed(data: DataFolder): Promise<string[]> {
  const args = ["list", "--user", "alice"];
  const { code, stdout, stderr } = await data.run("key.ts", args);
  assertEquals(code, 0, stderr);
  return stdout.replace(/\n$/, "").split("\t").filter((_, at) => at !== 2);
}

Deno.test("a key that is taken for its id is not repeated, and stays live", async () => {
  await using data = await makeDataFolder();
  const key = (await data.run("key.ts", ["--user", "alice"])).stdout.trim();
  const { code, stdout, stderr } = await data.run("key.ts", ["revoke", key]);
  assertEquals([code, stdout, stderr.includes(key)], [1, "", false]);
  assertStringIncludes(stderr, "which are not the keys themselves");
  assertEquals((await signIn(data.path, key))?.name, "alice");
});

Deno.test("listing the keys of a user who is not there says so", async () => {
  await using data = await makeDataFolder();
  await data.run("key.ts", ["--user", "alice"]);
  const args = ["list", "--user", "bob"];
  const { code, stderr } = await data.run("key.ts", args);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "there is no such user");
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

Deno.test("readKeyArguments() refuses what does not belong together", () => {
  for (
    const args of [
      ["list", "alice"],
      ["list", "--name", "laptop"],
      ["revoke"],
      ["revoke", "a", "b"],
      ["revoke", "a", "--user", "alice"],
      ["delete", "a"],
      ["--user", "alice", "--name", "a\tb"],
      ["--user", "alice", "--name", "x".repeat(201)],
    ]
  ) {
    assertThrows(() => readKeyArguments(args), UsageError);
  }
});
