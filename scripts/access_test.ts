import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { boot } from "../boot.ts";
import { silentLog } from "../core/log.ts";
import { readSettings } from "../core/settings.ts";
import { readAccessArguments } from "./access.ts";
import { UsageError } from "./script.ts";
import { makeDataFolder } from "./testing.ts";

Deno.test("who is allowed to sees others' private tests, until it is denied again", async () => {
  await using data = await makeDataFolder();
  const keyOf = async (user: string) =>
    (await data.run("key.ts", ["--user", user])).stdout.trim();
  const [alice, bob] = [await keyOf("alice"), await keyOf("bob")];
  const booted = boot(readSettings({ SLIPWAY_DATA: data.path }), {
    log: silentLog,
  });
  const ask = async (key: string, path: string, body?: string) => {
    const response = await booted.app.fetch(
      new Request(`http://slipway.test${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "auth-key": key },
        body: body === undefined ? null : new URLSearchParams(body),
      }),
    );
    await response.body?.cancel();
    return response.status;
  };
  const path = "/api/v1/test/unstable/amd64/hello";
  assertEquals(await ask(alice, path, "is_private=true"), 201);
  const seen = () => ask(bob, "/api/v1/retry/1");
  assertEquals(await seen(), 400);

  const permission = "runs:read_private";
  const allowed = await data.run("access.ts", [
    "--user",
    "bob",
    "--allow",
    permission,
  ]);
  assertEquals(allowed.stdout, `*:read\n*:create\n*:cancel\n${permission}\n`);
  assertEquals(await seen(), 200);
  const args = ["--user", "bob", "--deny", permission];
  const denied = await data.run("access.ts", args);
  assertEquals(denied.stdout, "*:read\n*:create\n*:cancel\n");
  assertEquals(await seen(), 400);

  const again = await data.run("access.ts", args);
  assertEquals(again.code, 1);
  assertStringIncludes(again.stderr, "the account has *:read *:create");
  booted.release();
});

Deno.test("an account that is not there is told how to make one", async () => {
  await using data = await makeDataFolder();
  const { code, stderr } = await data.run("access.ts", ["--group", "ci"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "deno task token --group ci");
});

for (
  const args of [
    [],
    ["bob"],
    ["--user", "a", "--group", "b"],
    ["--user", "A B"],
    ["--user", "a", "--allow", "everything"],
    ["--user", "a", "--allow", "runs:read private"],
  ]
) {
  Deno.test(`readAccessArguments() refuses "${args.join(" ")}"`, () => {
    assertThrows(() => readAccessArguments(args), UsageError, "Cannot ");
  });
}
