import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readSettings } from "../core/settings.ts";
import { openDatabase } from "../db/open.ts";
import { verifyPassword } from "../plugins/auth/basic/password.ts";
import { findPassword } from "../plugins/auth/basic/user.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";
import { readUserArguments } from "./user.ts";

async function opens(path: string, password: string): Promise<boolean> {
  const database = openDatabase(readSettings({ SLIPWAY_DATA: path }));
  try {
    const row = await findPassword(database, "alice");
    return row !== null && await verifyPassword(password, row.hash);
  } finally {
    database.close();
  }
}

Deno.test("a user is added with the first line of standard input, and it is not echoed", async () => {
  await using data = await makeDataFolder();
  const input = "pässword one\r\nnot this\n";
  const { code, stdout, stderr } = await data.run(
    "user.ts",
    ["add", "alice"],
    input,
  );
  assertEquals([code, stdout], [0, ""], stderr);
  assertEquals(stderr.includes("one"), false);
  assertEquals(await opens(data.path, "pässword one"), true);
});

Deno.test("adding a user twice changes nothing; changing the password does", async () => {
  await using data = await makeDataFolder();
  const early = await data.run("user.ts", ["password", "alice"], "first word");
  assertEquals(early.code, 1);
  await data.run("user.ts", ["add", "alice"], "first word");
  const again = await data.run("user.ts", ["add", "alice"], "second word");
  assertEquals(again.code, 1);
  assertStringIncludes(again.stderr, "deno task user password alice");
  assertEquals(await opens(data.path, "first word"), true);
  await data.run("user.ts", ["password", "alice"], "second word");
  assertEquals(await opens(data.path, "second word"), true);
});

Deno.test("a user who has a key can be given a password", async () => {
  await using data = await makeDataFolder();
  await data.run("key.ts", ["--user", "alice"]);
  const { code } = await data.run("user.ts", ["add", "alice"], "first word");
  assertEquals(code, 0);
  assertEquals(await opens(data.path, "first word"), true);
});

Deno.test("an empty or short password is refused and nothing is written", async () => {
  await using data = await makeDataFolder();
  for (const input of ["", "\n", "short\n", "\nlong enough after all\n"]) {
    const { code, stderr } = await data.run("user.ts", ["add", "bob"], input);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "at least 8 characters");
  }
  assertEquals(await Deno.stat(data.path).catch(() => null), null);
});

Deno.test("readUserArguments() says what there is to do", () => {
  const bad = [[], ["remove", "x"], ["add"], ["add", "a", "b"], ["add", "A"]];
  for (const args of bad) {
    assertThrows(() => readUserArguments(args), UsageError, "Cannot ");
  }
});
