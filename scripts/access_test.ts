import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { boot } from "../boot.ts";
import { silentLog } from "../core/log.ts";
import { readSettings } from "../core/settings.ts";
import { readAccessArguments } from "./access/arguments.ts";
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

/** Asks a server on the folder as the holder of a token. */
async function askWith(
  path: string,
  token: string,
  request: RequestInit & {
    readonly path: string;
  },
) {
  const booted = boot(readSettings({ SLIPWAY_DATA: path }), {
    log: silentLog,
  });
  const response = await booted.app.fetch(
    new Request(`http://slipway.test${request.path}`, {
      ...request,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
    }),
  );
  const text = await response.text();
  booted.release();
  return { status: response.status, text };
}

Deno.test("a new group gets a role, its token registers runners, and it does nothing else", async () => {
  await using data = await makeDataFolder();
  const given = await data.run("access.ts", [
    "--group=runners",
    "--role=runner",
    "--backend=prow",
  ]);
  assertEquals([given.code, given.stdout], [0, "runners:register\n"]);
  assertStringIncludes(given.stderr, "limited to backend prow");
  const token = (await data.run("token.ts", [
    "--group=runners",
    "--scope=runners:register",
  ])).stdout.trim();
  const register = async (backend: string) =>
    (await askWith(data.path, token, {
      path: "/runner/v1/register",
      method: "POST",
      body: JSON.stringify({
        name: "far",
        version: "1",
        offers: [{ backend: [backend] }],
      }),
    })).status;
  assertEquals([await register("prow"), await register("autopkgtest")], [
    200,
    403,
  ]);
  const runs = await askWith(data.path, token, { path: "/v1/runs" });
  assertEquals(runs.status, 403);
});

Deno.test("an account is limited to some work until the limits are lifted", async () => {
  await using data = await makeDataFolder();
  const token = (await data.run("token.ts", ["--group=bots"])).stdout.trim();
  const trigger = async () =>
    (await askWith(data.path, token, {
      path: "/api/v1/test/unstable/amd64/hello",
      method: "POST",
      body: "{}",
    })).status;
  const change = async (...args: string[]) => {
    const ended = await data.run("access.ts", ["--group=bots", ...args]);
    assertEquals(ended.code, 0, ended.stderr);
    return ended.stderr;
  };
  assertStringIncludes(
    await change("--jobs=periodic-*", "--jobs=nightly"),
    "limited to jobs periodic-* or nightly",
  );
  assertEquals(await trigger(), 403);
  assertStringIncludes(await change("--deny=*:cancel"), "jobs periodic-*");
  assertEquals((await change("--unlimited")).includes("limited"), false);
  assertEquals(await trigger(), 201);
});

Deno.test("a disabled account is refused from the next request on, until it is enabled", async () => {
  await using data = await makeDataFolder();
  const token = (await data.run("token.ts", ["--group=bots"])).stdout.trim();
  const whoami = () => askWith(data.path, token, { path: "/v1/whoami" });
  assertEquals((await whoami()).status, 200);
  const disabled = await data.run("access.ts", ["--group=bots", "--disable"]);
  assertStringIncludes(disabled.stderr, "disabled since");
  const refused = await whoami();
  assertEquals(refused.status, 401);
  assertStringIncludes(refused.text, "the group of this token is disabled");
  const { code } = await data.run("access.ts", ["--group=bots", "--enable"]);
  assertEquals([code, (await whoami()).status], [0, 200]);
  const { stdout } = await data.run("audit.ts", []);
  for (const action of ["accounts:disable", "accounts:enable"]) {
    assertStringIncludes(stdout, `${action}\tgroup:bots`);
  }
});

Deno.test("a backend that there is not changes nothing", async () => {
  await using data = await makeDataFolder();
  const { code, stderr } = await data.run("access.ts", [
    "--group=ci",
    "--role=viewer",
    "--backend=jenkins",
  ]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'there is no backend "jenkins"; there are prow');
  assertEquals(await Deno.stat(data.path).catch(() => null), null);
});

Deno.test("an account that is not there is told how to make one", async () => {
  await using data = await makeDataFolder();
  const { code, stderr } = await data.run("access.ts", ["--group", "ci"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "deno task access --group ci --role");
});

for (
  const args of [
    [],
    ["bob"],
    ["--user", "a", "--group", "b"],
    ["--user", "A B"],
    ["--user", "a", "--allow", "everything"],
    ["--user", "a", "--allow", "runs:read private"],
    ["--user", "a", "--role", "boss"],
    ["--user", "a", "--role", "toString"],
    ["--user", "a", "--unlimited", "--jobs", "b"],
    ["--user", "a", "--enable", "--disable"],
  ]
) {
  Deno.test(`readAccessArguments() refuses "${args.join(" ")}"`, () => {
    assertThrows(() => readAccessArguments(args), UsageError, "Cannot ");
  });
}
