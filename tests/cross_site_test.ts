import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { roles } from "../core/permission.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const password = "correct horse battery";
const publicUrl = "https://ci.example.org";

/** An app that alice signs in to with the name and password that come back. */
async function start(): Promise<
  { test: TestApp; login: Record<string, string> }
> {
  const test = await startTestApp([dummy(), prow(), autopkgtest()], {
    auth: [basic()],
    publicUrl,
  });
  const { accounts } = test.app.store;
  const { account } = await accounts.ensure("user", "alice", roles.admin);
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const hash = await hashPassword(password, newSalt(), cost);
  const now = test.now();
  await test.database.batch([savePassword({ account, hash, now })]);
  return {
    test,
    login: { authorization: `Basic ${btoa(`alice:${password}`)}` },
  };
}

/** What a browser says of a request that another site's page makes. */
const foreign: readonly Record<string, string>[] = [
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "cross-site", origin: publicUrl },
  { origin: "http://evil.test" },
  { origin: "null" },
  { origin: "https://ci.example.org.evil.test" },
  { "sec-fetch-site": "none", origin: "http://evil.test" },
];

/** What curl, a page of our own and a bookmark send. */
const own: readonly Record<string, string>[] = [
  {},
  { "sec-fetch-site": "same-origin" },
  { "sec-fetch-site": "none" },
  { origin: "http://slipway.test" },
  { origin: publicUrl },
  { "sec-fetch-site": "same-origin", origin: publicUrl },
  { "sec-fetch-site": "same-origin", origin: "https://slipway.test" },
];

Deno.test("another site's page cannot change anything with a remembered password, on any route there is", async () => {
  const { test, login } = await start();
  await using _ = test;
  const changing = test.app.routes.filter(({ method, path }) =>
    !["ALL", "GET"].includes(method) && !path.startsWith("/runner/")
  );
  assert(changing.length > 5);
  for (const { method, path } of changing) {
    for (const headers of foreign) {
      const response = await test.request(
        path.replaceAll(/:\w+(\{[^}]+\})?/g, "0"),
        { method, headers: { ...login, ...headers }, body: "{}" },
      );
      assertStringIncludes(await response.text(), "Cannot do this for a page");
      assertEquals(response.status, 403, `${method} ${path}`);
    }
  }
  assertEquals(await test.app.store.runs.list({}), []);
});

async function trigger(test: TestApp, headers: Record<string, string>) {
  const response = await test.request("/api/v1/test/unstable/amd64/foo", {
    method: "POST",
    headers,
  });
  await response.body?.cancel();
  return response;
}

Deno.test("what another site's page asked for in vain is audited with the name that it asked in", async () => {
  const { test, login } = await start();
  await using _ = test;
  const response = await test.request("/v1/runs/x/cancel", {
    method: "POST",
    headers: { ...login, origin: "http://evil.test" },
  });
  await response.body?.cancel();
  const [line, ...more] = await test.app.store.audit.list({ limit: 10 });
  assertEquals(
    [line?.principal, line?.via, line?.action, line?.outcome, more.length],
    ["user:alice", "basic", "runs:cancel", "forbidden", 0],
  );
});

Deno.test("a program and Slipway's own pages may", async () => {
  const { test, login } = await start();
  await using _ = test;
  for (const headers of own) {
    const response = await trigger(test, { ...login, ...headers });
    assertEquals(response.status, 201, JSON.stringify(headers));
  }
});

Deno.test("the refusal has the form of the dialect", async () => {
  const { test, login } = await start();
  await using _ = test;
  const headers = { ...login, origin: "http://evil.test" };
  const debci = await trigger(test, headers);
  assertEquals(debci.headers.get("content-type"), "text/html;charset=utf-8");
  const init = { method: "POST", headers, body: "{}" };
  const gangway = await test.request("/v1/executions", init);
  assertEquals(gangway.headers.get("grpc-status"), "7");
  await gangway.body?.cancel();
  const native = await test.request("/v1/runs/1/cancel", init);
  assertEquals(native.headers.get("content-type"), "application/problem+json");
  await native.body?.cancel();
});

Deno.test("reading, and a credential that no browser adds by itself, are nobody else's page's business", async () => {
  const { test, login } = await start();
  await using _ = test;
  const headers = { "sec-fetch-site": "cross-site" };
  const read = await test.request("/v1/runs", {
    headers: { ...login, ...headers },
  });
  await read.body?.cancel();
  assertEquals(read.status, 200);
  const known = await test.signIn("bob");
  assertEquals((await trigger(test, { ...known, ...headers })).status, 201);
});
