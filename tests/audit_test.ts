/** Whoever changes something leaves a line that tells who, with what, what, from where and how it ended. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as z from "zod";
import { sql } from "../core/database.ts";
import { AuditStore } from "../db/audit_store.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { startKeyWorld } from "./key_world.ts";

const lineSchema = z.strictObject({
  at: z.iso.datetime(),
  principal: z.string().nullable(),
  via: z.string().nullable(),
  credential: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  source: z.string().nullable(),
  outcome: z.string(),
  requestId: z.string().nullable(),
});
const pageSchema = z.strictObject({
  lines: z.array(lineSchema),
  next: z.string().nullable(),
});

const peer = "198.51.100.7";

async function audit(test: TestApp, query = "") {
  const response = await test.request(`/v1/audit${query}`, {
    user: "root",
    role: "admin",
  });
  const text = await response.text();
  assertEquals(response.status, 200, text);
  return pageSchema.parse(JSON.parse(text));
}

async function lines(test: TestApp, query = "") {
  return (await audit(test, query)).lines;
}

async function send(
  test: TestApp,
  method: string,
  path: string,
  init: Parameters<TestApp["request"]>[1] = {},
) {
  const response = await test.request(path, {
    user: "alice",
    peer,
    method,
    ...init,
  });
  return { response, text: await response.text() };
}

function makeRun(test: TestApp, init: Parameters<TestApp["request"]>[1] = {}) {
  return send(test, "POST", "/dummy/v1/runs", {
    body: JSON.stringify({ do: { exit: 0 } }),
    ...init,
    headers: { "content-type": "application/json", ...init.headers },
  });
}

Deno.test("a run that is made, cancelled and asked for in vain leaves a line each, with who, what, where from and how it ended", async () => {
  await using test = await startTestApp([dummy()]);
  const made = await makeRun(test);
  const { id } = z.object({ id: z.uuid() }).parse(JSON.parse(made.text));
  test.advance(1_000);
  await send(test, "POST", `/v1/runs/${id}/cancel`);
  test.advance(1_000);
  await send(test, "POST", `/v1/runs/${id}/cancel`, { role: "viewer" });
  const [refused, cancelled, created, ...more] = await lines(test);
  assertEquals(more, []);
  const alice = {
    principal: "user:alice",
    via: "test_user",
    credential: "alice-1",
    target: id,
    source: peer,
  };
  assertEquals(created, {
    ...alice,
    at: new Date(test.now() - 2_000).toISOString(),
    action: "dummy:create",
    outcome: "done",
    requestId: made.response.headers.get("x-request-id"),
  });
  assertEquals(
    [cancelled?.action, cancelled?.outcome, cancelled?.target],
    ["runs:cancel", "done", id],
  );
  assertEquals(
    [refused?.action, refused?.outcome, refused?.target, refused?.source],
    ["runs:cancel", "forbidden", id, peer],
  );
});

Deno.test("a batch of debci's leaves a line for each test, an upload that is refused none", async () => {
  await using test = await startTestApp([autopkgtest()]);
  const form = (tests: unknown) => ({
    body: new URLSearchParams({ tests: JSON.stringify(tests) }),
  });
  await send(
    test,
    "POST",
    "/api/v1/test/unstable/amd64",
    form([{ package: "foo" }, { package: "bar" }]),
  );
  await send(test, "POST", "/api/v1/test/unstable/amd64", form([{}]));
  const found = await lines(test);
  const runs = await test.app.store.runs.list({});
  assertEquals(
    found.map(({ target }) => target),
    runs.map(({ id }) => id),
  );
  assertEquals(new Set(found.map(({ action }) => action)).size, 1);
});

Deno.test("a bulk abort names every execution that it aborted", async () => {
  await using test = await startTestApp([prow()]);
  await test.signIn("alice");
  const { accounts, runs } = test.app.store;
  const account = await accounts.findByName("user", "alice");
  assert(account);
  const owner = { account: account.id, name: account.name };
  const request = { job_name: "a", job_type: "periodic" };
  const submission = { job: "a", request, task: {}, labels: {} };
  const made = await runs.submit("prow", owner, [submission, submission]);
  const { response, text } = await send(
    test,
    "POST",
    "/v1/bulk-job-status-update",
    {
      body: JSON.stringify({
        job_status_change: { current: "TRIGGERED", desired: "ABORTED" },
        started_after: "2000-01-01T00:00:00Z",
        started_before: "2100-01-01T00:00:00Z",
      }),
    },
  );
  assertEquals(response.status, 200, text);
  const found = await lines(test, "?action=executions:cancel");
  assertEquals(
    found.map(({ target }) => target).toSorted(),
    made.map(({ id }) => id).toSorted(),
  );
});

Deno.test("a request that is repeated with its Idempotency-Key leaves one line", async () => {
  await using test = await startTestApp([dummy()]);
  const headers = { "idempotency-key": "once" };
  const first = await makeRun(test, { headers });
  const again = await makeRun(test, { headers });
  assertEquals(first.text, again.text);
  assertEquals((await lines(test)).length, 1);
});

Deno.test("a run is never there without its line, nor a line without its run", async () => {
  await using test = await startTestApp([dummy()]);
  // The store takes no line of the audit any more.
  await test.database.batch([sql`
    create trigger full before insert on audit begin select raise(abort, 'full'); end`]);
  const { response } = await makeRun(test);
  assert(response.status >= 500);
  assertEquals(await test.app.store.runs.list({}), []);
});

Deno.test("reading leaves no line, nor do health, runners at work, and what nobody asked for", async () => {
  await using test = await startTestApp([dummy(), prow(), autopkgtest()]);
  for (const path of ["/v1/runs", "/v1/whoami", "/livez", "/api/v1/auth"]) {
    await send(test, "GET", path);
  }
  await send(test, "POST", "/nowhere");
  const stranger = await test.request("/v1/runs/1/cancel", { method: "POST" });
  await stranger.body?.cancel();
  assertEquals(await lines(test), []);
});

Deno.test("filters and pages of the audit", async () => {
  await using test = await startTestApp([dummy()]);
  const noon = test.now();
  for (const user of ["alice", "bob", "alice", "bob", "alice"]) {
    await makeRun(test, { user });
    test.advance(60_000);
  }
  const at = (minutes: number) =>
    new Date(noon + minutes * 60_000).toISOString();
  assertEquals((await lines(test, "?principal=user:bob")).length, 2);
  assertEquals((await lines(test, "?action=dummy:create")).length, 5);
  assertEquals((await lines(test, "?action=runs:cancel")).length, 0);
  assertEquals((await lines(test, `?from=${at(1)}&to=${at(3)}`)).length, 2);
  const all = await lines(test);
  assertEquals(
    await lines(test, `?target=${all[2]?.target}`),
    all.slice(2, 3),
  );
  const paged = [];
  let cursor = "";
  do {
    const page = await audit(test, `?limit=2${cursor}`);
    paged.push(...page.lines);
    cursor = page.next === null ? "" : `&cursor=${page.next}`;
  } while (cursor !== "");
  assertEquals(paged, all);
  for (const query of ["?form=x", "?from=yesterday", "?cursor=x", "?limit=0"]) {
    const { response } = await send(test, "GET", `/v1/audit${query}`, {
      role: "admin",
    });
    assertEquals(
      [response.status, response.headers.get("content-type")],
      [400, "application/problem+json"],
      query,
    );
  }
});

Deno.test("the audit is for administrators, and for whom it is granted by name; *:read does not cover it", async () => {
  await using test = await startTestApp([dummy()]);
  for (const role of ["viewer", "trigger", "owner", "runner"] as const) {
    const { response } = await send(test, "GET", "/v1/audit", { role });
    assertEquals(response.status, 403, role);
  }
});

Deno.test("refused attempts are audited, so many a minute and no more", async () => {
  await using test = await startTestApp([dummy()]);
  for (let attempt = 0; attempt < 100; attempt++) {
    await send(test, "GET", "/v1/audit", { role: "viewer" });
  }
  assertEquals((await lines(test)).length, 20);
  test.advance(60_000);
  await send(test, "GET", "/v1/audit", { role: "viewer" });
  assertEquals((await lines(test)).length, 21);
});

Deno.test("lines cannot be changed, nor deleted within 90 days, even with the database in hand", async () => {
  await using test = await startTestApp([dummy()], { now: Date.now });
  await makeRun(test);
  const before = await lines(test);
  await assertRejects(() =>
    test.database.batch([sql`update audit set principal = 'user:mallory'`])
  );
  await assertRejects(() => test.database.batch([sql`delete from audit`]));
  assertEquals(await lines(test), before);
});

Deno.test("old lines are pruned, young ones stay", async () => {
  await using test = await startTestApp([dummy()]);
  const day = 86_400_000;
  const old = new AuditStore(test.database, () => Date.now() - 400 * day);
  const young = new AuditStore(test.database, Date.now);
  const entry = {
    principal: "operator",
    via: null,
    credential: null,
    targets: [],
    source: null,
    outcome: "done",
    requestId: null,
  };
  await old.record({ ...entry, action: "old:one" });
  await young.record({ ...entry, action: "young:one" });
  await assertRejects(() => young.prune(Date.now() + 60_000));
  assertEquals(await young.prune(Date.now() - 365 * day), 1);
  assertEquals((await lines(test)).map(({ action }) => action), ["young:one"]);
});

Deno.test("keys that are made and revoked are named by their id; a key in the place of an id is not kept", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const { id, key } = await world.made(alice);
  assertEquals(await world.revoke(alice, id), 204);
  assertEquals(await world.revoke(alice, key), 404);
  assertEquals(await world.check(key), 403);
  const rows = await world.database.query(
    sql`select principal, via, action, target, outcome from audit order by id`,
  );
  const who = { principal: "user:alice", via: "basic" };
  assertEquals(rows.map((row) => ({ ...row })), [
    { ...who, action: "keys:create", target: id, outcome: "done" },
    { ...who, action: "keys:revoke", target: id, outcome: "done" },
    {
      principal: "user:alice",
      via: "auth_key",
      action: "GET /api/v1/auth",
      target: null,
      outcome: "unauthenticated",
    },
  ]);
  assert(!JSON.stringify(rows).includes(key));
});
