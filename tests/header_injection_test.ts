/** No answer has a header, or another answer behind it, that somebody put into a name. */
import { assert, assertEquals } from "@std/assert";
import type { TestApp } from "./app.ts";
import { operations, startWhole } from "./operations.ts";

const injected = [
  "x\r\nInjected: yes",
  "x\nInjected: yes",
  "x\rInjected: yes",
  "x\r\n\r\nHTTP/1.1 200 OK",
  "x\0Injected",
  'x"; filename="evil.html',
  "\u2028Injected: yes",
];

function assertClean(response: Response, what: string) {
  assert(response.status < 500, `${what} answered ${response.status}`);
  assertEquals(response.headers.has("injected"), false, what);
  assert(response.headers.get("x-request-id") !== "Injected", what);
  for (const [name, value] of response.headers) {
    assert(!/[\r\n\0]/.test(value), `${what}: ${name}`);
  }
}

async function check(test: TestApp, method: string, path: string) {
  const response = await test.request(path, {
    method,
    user: "alice",
    role: "admin",
    redirect: "manual",
    body: method === "GET" ? null : "",
    headers: { "x-request-id": "Injected", "x-forwarded-for": "Injected" },
  });
  assertClean(response, `${method} ${path}`);
  await response.body?.cancel();
}

Deno.test("names with line breaks in paths and queries put nothing into any answer's header", async () => {
  await using test = await startWhole();
  const names = ["job", "prowjob", "id", "package", "jobs", "state", "var"];
  for (const { method, template, path } of await operations(test)) {
    for (const text of injected) {
      const encoded = encodeURIComponent(text);
      const named = template.replaceAll(
        /[{:]\w+(\{[^}]+\})?\}?/g,
        () => encoded,
      );
      await check(test, method, named);
      const query = names.map((name) => `${name}=${encoded}`).join("&");
      await check(test, method, `${path}?${query}`);
    }
  }
});

Deno.test("a file whose name would be a header is refused, and one with quotes is sent with none", async () => {
  await using test = await startWhole();
  await test.signIn("alice");
  const { accounts, runs, attempts, runners } = test.app.store;
  const account = await accounts.findByName("user", "alice");
  assert(account);
  const runner = { id: "r", name: "r", offers: [], version: "1", token: "t" };
  await runners.register(runner);
  const owner = { account: account.id, name: account.name };
  const labels = { backend: "dummy" };
  const [run] = await runs.submit("dummy", owner, [
    { job: "a", request: {}, task: {}, labels },
  ]);
  assert(run);
  const offers = [{ backend: ["dummy"] }];
  const claim = { runnerId: "r", claimId: "c", attemptToken: "a", offers };
  await attempts.claim(claim);
  await attempts.start({ runId: run.id, attemptToken: "a" });
  for (const name of injected) {
    const kept = await test.request(
      `/runner/v1/runs/${run.id}/artifacts?path=${encodeURIComponent(name)}`,
      { method: "PUT", headers: { authorization: "Bearer a" }, body: "x" },
    );
    await kept.body?.cancel();
    assertEquals(kept.status, /[\r\n\0]/.test(name) ? 400 : 200, name);
    await check(
      test,
      "GET",
      `/v1/runs/${run.id}/artifacts/${encodeURIComponent(name)}`,
    );
  }
});
