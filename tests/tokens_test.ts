import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { decodeJwt, decodeProtectedHeader } from "jose";
import * as z from "zod";
import { sql } from "../core/database.ts";
import {
  madeSchema,
  refusalOf,
  shownSchema,
  startTokenWorld,
} from "./token_world.ts";

const auditLine = z.object({
  principal: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  credential: z.string().nullable(),
  outcome: z.string(),
});

const dayMs = 24 * 3_600_000;

Deno.test("a token's story: made by an owner, used, rotated with grace, dead on time, revoked, and read in the audit", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const first = await world.made(alice, {
    group: "bots",
    description: "nightly",
    expires: "90d",
  });
  assertEquals(first.scope, ["*:read", "*:create", "*:cancel"]);
  assertEquals(await world.check(first.token), 200);
  world.advance(1000);

  const response = await world.post(
    `/v1/tokens/${first.id}/rotate`,
    alice,
    { grace: "1h" },
  );
  assertEquals(response.status, 201);
  const second = madeSchema.parse(await response.json());
  assertEquals([second.group, second.scope, second.description], [
    first.group,
    first.scope,
    "nightly",
  ]);
  const both = () =>
    Promise.all([first, second].map(({ token }) => world.check(token)));
  world.advance(3_600_000 - 1);
  assertEquals(await both(), [200, 200]);
  world.advance(1);
  assertEquals(await both(), [401, 200]);

  const shown = await world.list(alice);
  assertEquals(
    shown.tokens.map(({ id, state, replaced_by }) => [id, state, replaced_by]),
    [[second.id, "live", null], [first.id, "expired", second.id]],
  );
  const revoked = await world.request(`/v1/tokens/${second.id}`, {
    method: "DELETE",
    headers: alice,
  });
  assertEquals(revoked.status, 204);
  assertEquals(await both(), [401, 401]);
  const said = await refusalOf(
    await world.request("/v1/whoami", {
      headers: { authorization: `Bearer ${second.token}` },
    }),
  );
  assertStringIncludes(said.detail, "has been revoked");

  const root = await world.user("root", { permissions: ["*:*"] });
  const audit = await world.request("/v1/audit", { headers: root });
  const { lines } = z.object({ lines: z.array(auditLine) })
    .parse(await audit.json());
  const told = lines.map(({ principal, action, target, credential, outcome }) =>
    [principal, action, target ?? credential, outcome].join(" ")
  );
  const use = (id: string) => `group:bots GET /v1/whoami ${id} unauthenticated`;
  assertEquals(
    new Set(told.filter((line) => !line.includes("group:bots done"))),
    new Set([
      `user:alice tokens:create ${first.id} done`,
      `user:alice tokens:rotate ${first.id} done`,
      `user:alice tokens:rotate ${second.id} done`,
      `user:alice tokens:revoke ${second.id} done`,
      use(first.id),
      use(second.id),
    ]),
  );
});

Deno.test("an administrator makes a group with its first token, and the token says what it is", async () => {
  await using world = await startTokenWorld();
  const admin = await world.user("root", { permissions: ["*:*"] });
  const made = await world.made(admin, {
    group: "new-bots",
    scope: ["executions:create"],
    jobs: ["periodic-*"],
    backends: ["prow"],
  });
  assertEquals(decodeProtectedHeader(made.token).typ, "slipway-auto+jwt");
  const { sub, jti, scope, exp } = decodeJwt(made.token);
  assertEquals([sub, jti, scope, exp], [
    "group:new-bots",
    made.id,
    "executions:create",
    undefined,
  ]);
  const [shown] = (await world.list(admin)).tokens;
  assertEquals(shown?.created_by, "user:root");
  assertEquals(shown?.limits, [{ backends: ["prow"], jobs: ["periodic-*"] }]);
  assertEquals(shown?.signing_key, decodeProtectedHeader(made.token).kid);
});

Deno.test("the token is in one answer only, which no cache keeps", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const response = await world.request("/v1/tokens", {
    method: "POST",
    headers: {
      ...alice,
      accept: "text/plain",
      "content-type": "application/json",
    },
    body: JSON.stringify({ group: "bots" }),
  });
  assertEquals(response.status, 201);
  assertEquals(response.headers.get("cache-control"), "no-store");
  const token = (await response.text()).trim();
  assertMatch(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  const location = response.headers.get("location") ?? "";
  const shown = await world.request(location, { headers: alice });
  const text = await shown.text();
  shownSchema.parse(JSON.parse(text));
  const kept = await world.database.query(sql`select * from bearer_token`);
  for (const part of token.split(".")) {
    for (const where of [text, JSON.stringify(kept), world.logged.join()]) {
      assert(!where.includes(part));
    }
  }
});

Deno.test("an Idempotency-Key is refused where the answer holds a token, and nothing is made or kept", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const { id } = await world.made(alice, { group: "bots" });
  for (const path of ["/v1/tokens", `/v1/tokens/${id}/rotate`]) {
    const said = await refusalOf(
      await world.post(path, { ...alice, "idempotency-key": "k1" }, {}),
    );
    assertEquals(said.status, 400);
    assertStringIncludes(said.detail, "the token with it");
  }
  assertEquals((await world.list(alice)).tokens.length, 1);
  assertEquals(await world.database.query(sql`select * from idempotency`), []);
});

Deno.test("bad input is a 400 that says what is allowed, and writes nothing", async () => {
  await using world = await startTokenWorld();
  const admin = await world.user("root", { permissions: ["*:*"] });
  const wrong: [unknown, string][] = [
    [{}, "group: expected a text"],
    [{ group: "CI Bots" }, "group: a name is 1 to 63 characters"],
    [{ group: "a", scope: ["all"] }, "expected a permission: RESOURCE:VERB"],
    [{ group: "a", scope: [] }, "scope:"],
    [{ group: "a", expires: "soon" }, "expires: expected never, or a number"],
    [{ group: "a", expires: 90 }, "expires:"],
    [{ group: "a", backends: ["jenkins"] }, 'no backend "jenkins"; there are'],
    [{ group: "a", jobs: [""] }, "a glob of jobs is 1 to 200 characters"],
    [{ group: "a", description: "a\nb" }, "line breaks"],
    [{ group: "a", account: 1 }, "account"],
    [{ group: "a", created_by: "user:bob" }, "created_by"],
    [{ group: "a", __proto__: null, "constructor": {} }, "constructor"],
    [[], "body:"],
    ["x", "body:"],
  ];
  for (const [body, saying] of wrong) {
    const said = await refusalOf(await world.post("/v1/tokens", admin, body));
    assertEquals([said.status, JSON.stringify(body)], [
      400,
      JSON.stringify(body),
    ]);
    assertStringIncludes(said.detail, saying);
  }
  const { id } = await world.made(admin, { group: "bots" });
  for (const grace of ["31d", "1", "-1h", "forever", 1]) {
    const said = await refusalOf(
      await world.post(`/v1/tokens/${id}/rotate`, admin, { grace }),
    );
    assertEquals([grace, said.status], [grace, 400]);
  }
  const groups = await world.app.store.groups.list();
  assertEquals(groups.map(({ name }) => name), ["bots"]);
  assertEquals((await world.list(admin)).tokens.length, 1);
});

Deno.test("of rotations at once one wins; a token that has ended is not rotated", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const { id, token } = await world.made(alice, { group: "bots" });
  const path = `/v1/tokens/${id}/rotate`;
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => world.post(path, alice)),
  );
  const statuses = answers.map(({ status }) => status).toSorted();
  assertEquals(statuses, [201, 409, 409, 409, 409]);
  await Promise.all(answers.map((answer) => answer.body?.cancel()));
  assertEquals((await world.list(alice)).tokens.length, 2);

  const successor = (await world.list(alice)).tokens.find((each) =>
    each.id !== id
  );
  await world.request(`/v1/tokens/${successor?.id}`, {
    method: "DELETE",
    headers: alice,
  });
  const again = await world.post(path, alice, { grace: "0" });
  assertEquals(again.status, 201);
  await again.body?.cancel();
  assertEquals(await world.check(token), 401);
  const dead = await refusalOf(await world.post(path, alice));
  assertEquals(dead.status, 409);
  assertStringIncludes(dead.detail, "it has ended");
});

Deno.test("a rotation never makes a token live longer than it was to", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const { id, token } = await world.made(alice, {
    group: "bots",
    expires: "1h",
  });
  const response = await world.post(`/v1/tokens/${id}/rotate`, alice, {
    grace: "30d",
  });
  const second = madeSchema.parse(await response.json());
  assertEquals(Date.parse(second.expires_at ?? ""), world.now() + 3_600_000);
  world.advance(3_600_000);
  assertEquals(await world.check(token), 401);
});

Deno.test("a group's tokens are revoked at once, and no other group's", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots", "others"] });
  const tokens = [
    await world.made(alice, { group: "bots" }),
    await world.made(alice, { group: "bots" }),
    await world.made(alice, { group: "others" }),
  ];
  const response = await world.request("/v1/tokens?group=bots", {
    method: "DELETE",
    headers: alice,
  });
  assertEquals(await response.json(), { revoked: 2 });
  assertEquals(
    await Promise.all(tokens.map(({ token }) => world.check(token))),
    [401, 401, 200],
  );
});

Deno.test("a list shows last use to the minute, warns after 90 days, and pages without gaps", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const made: { id: string; token: string }[] = [];
  for (let i = 0; i < 5; i++) {
    made.push(await world.made(alice, { group: "bots" }));
    if (i % 2 === 0) world.advance(1000);
  }
  const usedAt = new Date(world.now()).toISOString();
  await world.check(made[0]?.token ?? "");
  world.advance(30_000);
  await world.check(made[0]?.token ?? "");
  const seen = [];
  for (let query: string | null = "?limit=2"; query !== null;) {
    const { tokens, next }: Awaited<ReturnType<typeof world.list>> = await world
      .list(alice, query);
    seen.push(...tokens);
    query = next === null ? null : `?limit=2&cursor=${next}`;
  }
  assertEquals(
    seen.map(({ id }) => id).toSorted(),
    made.map(({ id }) => id).toSorted(),
  );
  assertEquals(new Set(seen.map(({ id }) => id)).size, 5);
  const first = seen.find(({ id }) => id === made[0]?.id);
  assertEquals(first?.last_used_at, usedAt);

  world.advance(90 * dayMs - 30_000 - 1);
  const warned = async () =>
    (await world.list(alice)).tokens.filter((token) =>
      token.is_unused_for_90_days
    ).length;
  assertEquals(await warned(), 4);
  world.advance(1);
  assertEquals(await warned(), 5);
});
