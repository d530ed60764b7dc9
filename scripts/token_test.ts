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
import { SignInStore } from "../db/sign_in_store.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import { findSigningKey } from "../plugins/auth/bearer/signing_key_file.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";
import { readTokenArguments } from "./token.ts";

/** Signs in with a token the way a server on this data folder does. */
async function signIn(path: string, token: string) {
  const settings = readSettings({ SLIPWAY_DATA: path });
  const database = openDatabase(settings);
  try {
    const authenticate = bearer({ signingKey: await findSigningKey(settings) })
      .start({
        database,
        accounts: new AccountStore(database, Date.now),
        signIns: new SignInStore(database, Date.now),
        now: Date.now,
        fetch,
        log: silentLog,
      });
    const headers = { authorization: `Bearer ${token}` };
    return await authenticate(
      new Request("http://slipway.test/", { headers }),
    );
  } finally {
    database.close();
  }
}

Deno.test("a token works before the first start, and only it is on standard output", async () => {
  await using data = await makeDataFolder();
  const { code, stdout, stderr } = await data.run("token.ts", [
    "--group",
    "ci-bots",
  ]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  assertStringIncludes(stderr, "the new group ci-bots");
  assertEquals(stderr.includes(stdout.trim()), false);
  const principal = await signIn(data.path, stdout.trim());
  assertEquals([principal?.kind, principal?.name], ["group", "ci-bots"]);
  assertEquals(principal?.permissions, ["*:read", "*:create", "*:cancel"]);
});

Deno.test("a group gets as many tokens as it asks for, each with its own scope", async () => {
  await using data = await makeDataFolder();
  const first = await data.run("token.ts", ["--group", "bots"]);
  const options = ["--scope", "tests:read", "--expires", "90d"];
  const second = await data.run("token.ts", ["--group=bots", ...options]);
  assertMatch(
    second.stderr,
    /of group bots: allows tests:read, expires \d{4}-/,
  );
  const principals = [
    await signIn(data.path, first.stdout.trim()),
    await signIn(data.path, second.stdout.trim()),
  ];
  assertEquals(principals[0]?.account, principals[1]?.account);
  assertEquals(principals[1]?.permissions, ["tests:read"]);
});

Deno.test("a wrong call says what is allowed, ends with 2 and writes nothing", async () => {
  await using data = await makeDataFolder();
  const { code, stdout, stderr } = await data.run("token.ts", [
    "--group",
    "CI Bots",
  ]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "a name is 1 to 63 characters of a-z, 0-9");
  assertStringIncludes(stderr, "Usage: deno task token --group NAME");
  const left = await Deno.stat(data.path).catch(() => null);
  assertEquals(left, null);
});

Deno.test("--help prints the usage and does nothing", async () => {
  await using data = await makeDataFolder();
  const { code, stdout } = await data.run("token.ts", ["--help"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Usage: deno task token --group NAME");
  assertEquals(await Deno.stat(data.path).catch(() => null), null);
});

const mistakes: [string[], string][] = [
  [[], "--group NAME is missing"],
  [["ci-bots"], "a group is named with --group NAME"],
  [["--group", "-x"], "--group"],
  [["--group", "a", "--scope", "everything"], "is not a permission"],
  [["--group", "a", "--expires", "soon"], "never, or a number of hours"],
  [["--group", "a", "--owner", "b"], "there is no option --owner"],
];

for (const [args, saying] of mistakes) {
  Deno.test(`readTokenArguments() refuses "${args.join(" ")}"`, () => {
    const error = assertThrows(() => readTokenArguments(args), UsageError);
    assertStringIncludes(error.message, saying);
  });
}
