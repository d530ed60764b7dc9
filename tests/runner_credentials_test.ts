/** A runner's credentials each do one thing: register, claim, or report on one attempt. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { sql } from "../core/database.ts";
import type { Limit } from "../core/limit.ts";
import { type Permission, roles } from "../core/permission.ts";
import { assignmentSchema, registrationSchema } from "../core/protocol.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

const offers = [{ backend: ["dummy"] }];
const load = z.object({ running: z.int(), runs: z.array(z.int()) });
const renewal = z.strictObject({ token: z.string() });

async function send(
  test: TestApp,
  path: string,
  token: string,
  body: unknown = {},
  method = "POST",
) {
  const response = await test.request(path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: method === "GET" ? null : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

function register(test: TestApp, token: string, offered: unknown = offers) {
  const body = { name: "r1", version: "1", offers: offered };
  return send(test, "/runner/v1/register", token, body);
}

async function registered(test: TestApp, token = runnerToken) {
  const { status, text } = await register(test, token);
  assertEquals(status, 200, text);
  return registrationSchema.parse(JSON.parse(text));
}

function claim(test: TestApp, token: string, offered: unknown = offers) {
  return send(test, "/runner/v1/claim", token, {
    claimId: crypto.randomUUID(),
    offers: offered,
    waitSeconds: 0,
  });
}

async function submit(test: TestApp): Promise<string> {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

async function admin(test: TestApp, method: string, path: string) {
  const response = await test.request(path, {
    method,
    user: "root",
    role: "admin",
  });
  return { status: response.status, text: await response.text() };
}

/** An app that takes tokens of groups, and a way to make one. */
async function startWithTokens() {
  const signingKey = await generateSigningKey();
  const test = await startTestApp([dummy()], {
    auth: [bearer({ signingKey })],
  });
  const { accounts } = test.app.store;
  const makeToken = async (
    permissions: readonly Permission[],
    limits: readonly Limit[] = [],
  ) => {
    const name = `group-${crypto.randomUUID().slice(0, 8)}`;
    await accounts.ensure("group", name, permissions);
    const account = await accounts.allow("group", name, {
      permissions,
      limits,
    });
    assert(account);
    const { token, insert } = await issueToken({
      key: await importSigningKey(signingKey),
      issuer: defaultIssuer,
      account,
      jti: crypto.randomUUID(),
      now: test.now(),
      expiresAt: null,
      scopes: null,
      description: "",
    });
    await test.database.batch([insert]);
    return token;
  };
  return { test, makeToken };
}

Deno.test("the registration token registers, and does nothing else", async () => {
  await using test = await startTestApp([dummy()]);
  await registered(test);
  const id = await submit(test);
  assertEquals((await claim(test, runnerToken)).status, 401);
  assertEquals((await send(test, "/runner/v1/renew", runnerToken)).status, 401);
  for (const verb of ["start", "heartbeat", "release"]) {
    const answer = await send(
      test,
      `/runner/v1/runs/${id}/${verb}`,
      runnerToken,
    );
    assertEquals(answer.status, 409, verb);
  }
  assertEquals(
    (await send(test, "/v1/runs", runnerToken, {}, "GET")).status,
    401,
  );
});

Deno.test("a token of a group that may runners:register registers, and is named in the audit", async () => {
  const { test, makeToken } = await startWithTokens();
  await using _ = test;
  const token = await makeToken(roles.runner);
  const { runnerId } = await registered(test, token);
  const [line] = await test.app.store.audit.list({ limit: 1 });
  assertEquals(
    [line?.action, line?.target, line?.outcome, line?.via],
    ["runners:register", runnerId, "done", "bearer"],
  );
  assertEquals((await send(test, "/v1/runs", token, {}, "GET")).status, 403);
});

Deno.test("no other token registers, whatever else it may do", async () => {
  const { test, makeToken } = await startWithTokens();
  await using _ = test;
  for (const role of [roles.viewer, roles.trigger, roles.owner]) {
    const { status, text } = await register(test, await makeToken(role));
    assertEquals(status, 403, text);
    assertStringIncludes(text, "runners:register");
  }
  assertEquals((await test.app.store.runners.list(null)).length, 0);
});

Deno.test("who is limited to some backends registers no runner for others", async () => {
  const { test, makeToken } = await startWithTokens();
  await using _ = test;
  const to = (limit: Limit) => makeToken(roles.runner, [limit]);
  const other = await to({ backends: ["prow"] });
  assertEquals((await register(test, other)).status, 403);
  assertEquals((await register(test, other, [{ backend: ["*"] }])).status, 403);
  const jobs = await to({ jobs: ["*"] });
  assertEquals((await register(test, jobs)).status, 403);
  const own = await to({ backends: ["dummy"] });
  assertEquals((await register(test, own)).status, 200);
});

Deno.test("a runner claims for no backend that it was not registered with", async () => {
  await using test = await startTestApp([dummy()]);
  const body = { name: "r", version: "1", offers: [{ backend: ["prow"] }] };
  const { text } = await send(test, "/runner/v1/register", runnerToken, body);
  const { token } = registrationSchema.parse(JSON.parse(text));
  await submit(test);
  for (const backend of ["dummy", "*"]) {
    const refused = await claim(test, token, [{ backend: [backend] }]);
    assertEquals(refused.status, 403, refused.text);
  }
});

Deno.test("a renewed token works at once, the old one for five minutes more", async () => {
  await using test = await startTestApp([dummy()]);
  const { token: old } = await registered(test);
  const answer = await send(test, "/runner/v1/renew", old);
  const { token } = renewal.parse(JSON.parse(answer.text));
  assertEquals((await claim(test, token)).status, 204);
  test.advance(299_000);
  assertEquals((await claim(test, old)).status, 204);
  test.advance(1_000);
  assertEquals((await claim(test, old)).status, 401);
  assertEquals((await claim(test, token)).status, 204);
});

Deno.test("when the answer to a renewal is lost, asking again gets a token, and the lost one is dead", async () => {
  await using test = await startTestApp([dummy()]);
  const { token: old } = await registered(test);
  const lost = await send(test, "/runner/v1/renew", old);
  test.advance(60_000);
  const again = await send(test, "/runner/v1/renew", old);
  const { token } = renewal.parse(JSON.parse(again.text));
  assertEquals((await claim(test, token)).status, 204);
  const dead = renewal.parse(JSON.parse(lost.text)).token;
  assertEquals((await claim(test, dead)).status, 401);
  // The grace counts from the first renewal on.
  test.advance(240_000);
  assertEquals((await claim(test, old)).status, 401);
});

Deno.test("a revoked runner is shut out in mid-attempt, and its run goes to another one", async () => {
  await using test = await startTestApp([dummy()]);
  const thief = await registered(test);
  const id = await submit(test);
  const taken = await claim(test, thief.token);
  const { attemptToken } = assignmentSchema.parse(JSON.parse(taken.text));
  const attempt = `/runner/v1/runs/${id}`;
  assertEquals(
    (await send(test, `${attempt}/start`, attemptToken)).status,
    200,
  );
  const revoked = await admin(
    test,
    "POST",
    `/v1/runners/${thief.runnerId}/revoke`,
  );
  assertEquals(revoked.status, 200, revoked.text);
  assertEquals((await claim(test, thief.token)).status, 401);
  assertEquals(
    (await send(test, "/runner/v1/renew", thief.token)).status,
    401,
  );
  assertEquals(
    (await send(test, `${attempt}/heartbeat`, attemptToken)).status,
    409,
  );
  // The next look at the leases; no grace, as a silent runner has.
  test.advance(1_001);
  const other = await registered(test);
  const again = await claim(test, other.token);
  assertEquals(assignmentSchema.parse(JSON.parse(again.text)).run.id, id);
  assertEquals(
    (await send(test, `${attempt}/start`, attemptToken)).status,
    409,
  );
});

Deno.test("a paused runner finishes what it has and gets nothing new until it is resumed", async () => {
  await using test = await startTestApp([dummy()]);
  const { token, runnerId } = await registered(test);
  const id = await submit(test);
  const taken = await claim(test, token);
  const { attemptToken } = assignmentSchema.parse(JSON.parse(taken.text));
  await submit(test);
  await admin(test, "POST", `/v1/runners/${runnerId}/pause`);
  assertEquals((await claim(test, token)).status, 204);
  const attempt = `/runner/v1/runs/${id}/start`;
  assertEquals((await send(test, attempt, attemptToken)).status, 200);
  await admin(test, "POST", `/v1/runners/${runnerId}/resume`);
  assertEquals((await claim(test, token)).status, 200);
});

Deno.test("who manages runners sees how much each has; others count what they may see", async () => {
  await using test = await startTestApp([dummy()]);
  const { token, runnerId } = await registered(test);
  const { runs, accounts } = test.app.store;
  const alice = await accounts.ensure("user", "alice", roles.trigger);
  const owner = { account: alice.account.id, name: "alice" };
  await runs.submit("dummy", owner, [{
    job: "secret",
    request: {},
    task: {},
    labels: { backend: "dummy" },
    isPrivate: true,
  }]);
  await claim(test, token);
  const shown = async (init: Parameters<TestApp["request"]>[1]) => {
    const response = await test.request(`/v1/runners/${runnerId}`, init);
    return load.parse(await response.json());
  };
  const all = { running: 1, runs: [1] };
  const none = { running: 0, runs: [] };
  assertEquals(await shown({ user: "root", role: "admin" }), all);
  assertEquals(await shown({ user: "alice", role: "viewer" }), all);
  assertEquals(await shown({ user: "bob", role: "viewer" }), none);
  const listed = await admin(test, "GET", "/v1/runners");
  const [first] = z.object({ runners: z.array(load) })
    .parse(JSON.parse(listed.text)).runners;
  assertEquals(first, all);
});

Deno.test("an attempt token is for its attempt alone, and dies with it", async () => {
  await using test = await startTestApp([dummy()]);
  const { token } = await registered(test);
  const [first, second] = [await submit(test), await submit(test)];
  const taken = await claim(test, token);
  await claim(test, token);
  const { attemptToken } = assignmentSchema.parse(JSON.parse(taken.text));
  const act = (id: string, verb: string) =>
    send(test, `/runner/v1/runs/${id}/${verb}`, attemptToken);
  assertEquals((await act(second, "start")).status, 409);
  assertEquals((await act(first, "start")).status, 200);
  assertEquals((await claim(test, attemptToken)).status, 401);
  const runs = await send(test, "/v1/runs", attemptToken, {}, "GET");
  assertEquals(runs.status, 401);
  const end = { end: { kind: "exited", exitCode: 0 }, logBytes: 0 };
  const result = `/runner/v1/runs/${first}/result`;
  assertEquals(
    (await send(test, result, attemptToken, end, "PUT")).status,
    200,
  );
  for (const verb of ["heartbeat", "start", "release"]) {
    assertEquals((await act(first, verb)).status, 409, verb);
  }
});

Deno.test("runners are listed without their tokens, and only who manages them changes them", async () => {
  await using test = await startTestApp([dummy()]);
  const { token, runnerId } = await registered(test);
  const { text } = await admin(test, "GET", "/v1/runners");
  assertStringIncludes(text, runnerId);
  const rows = await test.database.query(sql`select * from runner`);
  for (const shown of [text, JSON.stringify(rows)]) {
    assert(!shown.includes(token) && !shown.includes(runnerToken));
  }
  for (const role of ["viewer", "trigger", "owner", "runner"] as const) {
    for (const verb of ["pause", "resume", "revoke"]) {
      const path = `/v1/runners/${runnerId}/${verb}`;
      const init = { method: "POST", user: "bob", role };
      const response = await test.request(path, init);
      await response.body?.cancel();
      assertEquals(response.status, 403, `${role} ${verb}`);
    }
  }
  const none = await admin(test, "POST", `/v1/runners/${token}/revoke`);
  assertEquals(none.status, 404);
  assert(!none.text.includes(token));
});
