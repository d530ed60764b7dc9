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
import bearer from "../plugins/auth/bearer/mod.ts";
import { findSigningKey } from "../plugins/auth/bearer/signing_key_file.ts";
import * as z from "zod";
import { parseAllDocuments } from "yaml";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";
import { readMakeArguments } from "./token/make.ts";
import { readRevokeArguments } from "./token/revoke.ts";
import { readRotateArguments } from "./token/rotate.ts";

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

const wrongCalls: [string[], string][] = [
  [[], "--group NAME is missing"],
  [["ci-bots"], "a group is named with --group NAME"],
  [["--group", "-x"], "--group"],
  [["--group", "a", "--scope", "everything"], "is not a permission"],
  [["--group", "a", "--expires", "soon"], "never, or a number of hours"],
  [["--group", "a", "--owner", "B!"], "--owner is not a name"],
  [["--group", "a", "--format", "xml"], "plain, json, env, kubernetes"],
  [["--group", "a", "--namespace", "b"], "belongs to --format kubernetes"],
  [["--group", "a_b", "--format=kubernetes"], "no name of a namespace"],
  [["--group", "a", "--description", "x\ny"], "line breaks"],
];

for (const [args, saying] of wrongCalls) {
  Deno.test(`readMakeArguments() refuses "${args.join(" ")}"`, () => {
    const error = assertThrows(() => readMakeArguments(args), UsageError);
    assertStringIncludes(error.message, saying);
  });
}

Deno.test("rotate and revoke say what they take", () => {
  const wrong: [() => unknown, string][] = [
    [() => readRotateArguments([]), "expected its ID"],
    [() => readRotateArguments(["a", "--grace", "31d"]), "up to 30d"],
    [() => readRotateArguments(["a", "--grace", "1"]), "up to 30d"],
    [() => readRevokeArguments([]), "expected one of ID, --group NAME"],
    [() => readRevokeArguments(["a", "--all"]), "expected one of ID"],
    [() => readRevokeArguments(["--group", "a", "b"]), "expected one of ID"],
  ];
  for (const [call, saying] of wrong) {
    assertStringIncludes(assertThrows(call, UsageError).message, saying);
  }
});

Deno.test("a scope that the group may not use, or a backend that there is not, ends with 2 and writes nothing", async () => {
  await using data = await makeDataFolder();
  const calls: [string[], string][] = [
    [["--scope", "runs:admin"], "group bots may not runs:admin; it may *:read"],
    [["--backend", "jenkins"], 'no backend "jenkins"; there are prow, '],
  ];
  for (const [args, saying] of calls) {
    const ended = await data.run("token.ts", ["--group", "bots", ...args]);
    assertEquals([ended.code, ended.stdout], [2, ""]);
    assertStringIncludes(ended.stderr, saying);
  }
  const { stderr } = await data.run("token.ts", ["list"]);
  assertEquals(stderr, "There are no tokens.\n");
  const { stderr: none } = await data.run("token.ts", [
    "list",
    "--group",
    "bots",
  ]);
  assertStringIncludes(none, "there is no such group");
});

Deno.test("jobs and backends narrow a token's principal", async () => {
  await using data = await makeDataFolder();
  const { stdout, stderr } = await data.run("token.ts", [
    "--group=bots",
    "--jobs=periodic-*",
    "--jobs=nightly",
    "--backend=prow",
  ]);
  assertStringIncludes(stderr, "(backend prow, jobs periodic-* or nightly)");
  const principal = await signIn(data.path, stdout.trim());
  assertEquals(principal?.limits, [
    { backends: ["prow"], jobs: ["periodic-*", "nightly"] },
  ]);
});

const secretSchema = z.object({
  kind: z.literal("Secret"),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  stringData: z.object({ token: z.string() }),
});

Deno.test("each format holds the token, and --format kubernetes the Secret that oc extracts it from", async () => {
  await using data = await makeDataFolder();
  const run = async (...args: string[]) =>
    (await data.run("token.ts", ["--group", "ci-bots", ...args])).stdout;
  const manifests = parseAllDocuments(await run("--format", "kubernetes"))
    .map((document) => document.toJS());
  assertEquals(manifests[0], {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "ci-bots" },
  });
  const { metadata, stringData } = secretSchema.parse(manifests[1]);
  assertEquals([metadata.name, metadata.namespace], [
    "api-token-secret",
    "ci-bots",
  ]);
  const { token, group } = z.object({ token: z.string(), group: z.string() })
    .parse(JSON.parse(await run("--format", "json")));
  assertEquals(group, "ci-bots");
  const [, inEnv = ""] = /^TOKEN=(\S+)\n$/.exec(await run("--format=env")) ??
    [];
  for (const each of [stringData.token, token, inEnv]) {
    assertEquals((await signIn(data.path, each))?.name, "ci-bots");
  }
});

Deno.test("from the command line a token is listed, shown, rotated and revoked", async () => {
  await using data = await makeDataFolder();
  const run = async (...args: string[]) => {
    const ended = await data.run("token.ts", args);
    assertEquals(ended.code, 0, ended.stderr);
    return ended;
  };
  const old =
    (await run("--group=bots", "--owner=alice", "--description=a\u0020b"))
      .stdout.trim();
  const [id = "", group, , used, state] = (await run("list")).stdout.split(
    "\t",
  );
  assertEquals([group, used, state], ["bots", "never", "live"]);
  await signIn(data.path, old);
  const shown = z.object({ group: z.string(), last_used_at: z.string() })
    .parse(JSON.parse((await run("show", id)).stdout));
  assertEquals(shown.group, "bots");
  assertEquals((await run("owners", "--group=bots")).stdout, "alice\n");

  const rotated = await run("rotate", id, "--grace", "1h");
  const fresh = rotated.stdout.trim();
  assertMatch(
    rotated.stderr,
    /takes the place of .*, which works until \d{4}-/,
  );
  for (const token of [old, fresh]) {
    assertEquals((await signIn(data.path, token))?.name, "bots");
  }
  const again = await data.run("token.ts", ["rotate", id]);
  assertEquals(again.code, 1);
  assertStringIncludes(again.stderr, "was rotated before");

  await run("revoke", id);
  await assertRejects(() => signIn(data.path, old), ApiError, "revoked");
  assertEquals((await signIn(data.path, fresh))?.name, "bots");
  const { stdout: audit } = await data.run("audit.ts", ["--json"]);
  for (
    const action of ["create", "rotate", "revoke"].map((verb) =>
      `"action":"tokens:${verb}"`
    )
  ) assertStringIncludes(audit, action);
  assertStringIncludes(
    (await run("revoke", "--group=bots")).stderr,
    "1 tokens",
  );
  await assertRejects(() => signIn(data.path, fresh), ApiError, "revoked");
  assertStringIncludes((await run("revoke", "--all")).stderr, "0 tokens");

  const unknown = await data.run("token.ts", ["show", fresh]);
  assertEquals([unknown.code, unknown.stderr.includes(fresh)], [1, false]);
});
