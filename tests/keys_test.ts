import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { sql } from "../core/database.ts";
import { countKeys, startKeyWorld } from "./key_world.ts";

Deno.test("debci 53: without a sign-in there is no key, and none is made", async () => {
  await using world = await startKeyWorld();
  await world.user("alice");
  const wrong = { authorization: `Basic ${btoa("alice:wrong password")}` };
  for (const signIn of [{}, { "auth-key": crypto.randomUUID() }, wrong]) {
    const response = await world.make(signIn);
    const text = await response.text();
    assertEquals(response.status, 403);
    assertEquals(
      text,
      signIn === wrong
        ? "Cannot sign in: the name or the password is wrong\n"
        : "Invalid key\n",
    );
  }
  assertEquals(await countKeys(world), 0);
});

Deno.test("debci 54: who signs in makes a key (201), its row is there, and it works at once", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const { id, key } = await world.made(alice, "laptop");
  const rows = await world.database.query(
    sql`select id, name from auth_key_key`,
  );
  assertEquals(rows.map((row) => ({ ...row })), [{ id, name: "laptop" }]);
  assertEquals(await world.check(key), 200);
  const other = await world.made(alice);
  assertEquals([await world.check(key), await world.check(other.key)], [
    200,
    200,
  ]);
});

Deno.test("debci 55: GET shows what keys one has, the newest first", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  assertEquals(await world.list(alice), []);
  await world.made(alice, "laptop");
  world.advance(1000);
  await world.made(alice, "britney");
  assertEquals(
    (await world.list(alice)).map(({ id: _, ...rest }) => rest),
    ["04:06.000Z", "04:05.000Z"].map((time, index) => ({
      description: ["britney", "laptop"][index] ?? "",
      created_at: `2026-01-02T03:${time}`,
      last_used_at: null,
      revoked_at: null,
    })),
  );
});

Deno.test("debci 56: a revoked key is dead at once, and no other one", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const [old, kept] = [await world.made(alice), await world.made(alice)];
  assertEquals(await world.revoke(alice, old.id), 204);
  assertEquals([await world.check(old.key), await world.check(kept.key)], [
    403,
    200,
  ]);
});

Deno.test("revoking again is a 204 and leaves the first time", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const { id } = await world.made(alice);
  assertEquals(await world.revoke(alice, id), 204);
  const first = (await world.list(alice))[0]?.revoked_at;
  world.advance(60_000);
  assertEquals(await world.revoke(alice, id), 204);
  assertEquals((await world.list(alice))[0]?.revoked_at, first);
  assertEquals(first, "2026-01-02T03:04:05.000Z");
});

Deno.test("Accept: text/plain gives the bare key and a line break", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const response = await world.make(alice, {
    headers: { accept: "text/plain" },
  });
  const text = await response.text();
  assertEquals(response.status, 201);
  assertMatch(text, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}\n$/);
  assertEquals(await world.check(text.trim()), 200);
  assertMatch(response.headers.get("content-type") ?? "", /^text\/plain/);
  const [kept] = await world.list(alice);
  assertEquals(response.headers.get("location"), `/api/v1/keys/${kept?.id}`);
});

Deno.test("no cache may keep a key, and curl's Accept gets JSON", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  for (const accept of ["*/*", "application/json", "text/plain"]) {
    const response = await world.make(alice, { headers: { accept } });
    await response.body?.cancel();
    assertEquals(response.headers.get("cache-control"), "no-store");
    assertMatch(
      response.headers.get("content-type") ?? "",
      accept === "text/plain" ? /^text\/plain/ : /^application\/json/,
    );
  }
});

Deno.test("a key is told once: no list, refusal, log line or table has it or its hash", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const { id, key } = await world.made(alice, "laptop");
  await world.check(key);
  const hash = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)),
  ).toHex();
  const answers = [
    await world.request("/api/v1/keys", { headers: alice }),
    await world.request("/api/v1/keys", { headers: { "auth-key": key } }),
    await world.request("/v1/whoami", { headers: { "auth-key": key } }),
    await world.request(`/api/v1/keys/${key}`, {
      method: "DELETE",
      headers: alice,
    }),
    await world.request(`/api/v1/keys/${id}`, {
      method: "DELETE",
      headers: alice,
    }),
    await world.request("/v1/whoami", { headers: { "auth-key": key } }),
  ];
  for (const answer of answers) {
    const text = await answer.text() + JSON.stringify([...answer.headers]);
    assert(!text.includes(key) && !text.includes(hash), text);
  }
  assert(!world.logged.join("\n").includes(key));
  const tables = await world.database.query(
    sql`select name from sqlite_schema where type = 'table'`,
  );
  for (const { name } of tables) {
    const rows = await world.database.query({
      text: `select * from ${name}`,
      values: [],
    });
    assert(!JSON.stringify(rows).includes(key), `${name} has it`);
  }
});

Deno.test("a request with an Idempotency-Key makes no key, as its answer would be kept", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const response = await world.make(alice, {
    headers: { "idempotency-key": "k1" },
  });
  assertEquals(response.status, 400);
  assertStringIncludes(await response.text(), "leave the header out");
  assertEquals(await countKeys(world), 0);
});

Deno.test("the description comes as form or JSON, and other bodies make no key", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const json = { "content-type": "application/json" };
  const form = new FormData();
  form.set("description", "Läptop");
  const good: { headers?: Record<string, string>; body: BodyInit }[] = [
    { body: new URLSearchParams({ description: "Läptop" }) },
    { body: form },
    { headers: json, body: '{"description": " Läptop "}' },
  ];
  for (const init of good) {
    const response = await world.make(alice, init);
    assertEquals((await response.json()).description, "Läptop");
  }
  const file = new FormData();
  file.set("description", new Blob(["x"]));
  const bad: [number, { headers?: Record<string, string>; body: BodyInit }][] =
    [
      [400, { headers: json, body: "{" }],
      [400, { headers: json, body: "[]" }],
      [400, { headers: json, body: "null" }],
      [400, { headers: json, body: '{"name": "x"}' }],
      [400, { headers: json, body: '{"description": 1}' }],
      [400, { headers: json, body: '{"description": "\\ud800"}' }],
      [400, { body: new URLSearchParams({ description: "a\u001b[2J" }) }],
      [400, { body: new URLSearchParams({ description: "a\u202eb" }) }],
      [400, { body: new URLSearchParams({ description: "x".repeat(201) }) }],
      [400, { body: new URLSearchParams("description=a&description=b") }],
      [400, { body: file }],
      [400, {
        headers: { "content-type": "multipart/form-data" },
        body: "description=x",
      }],
      [415, { headers: { "content-type": "text/plain" }, body: "laptop" }],
      [413, { headers: json, body: " ".repeat(17_000) }],
    ];
  for (const [status, init] of bad) {
    const response = await world.make(alice, init);
    const text = await response.text();
    assertEquals(response.status, status, text);
    assertMatch(text, /^Cannot (make a key|read the request): .*[^.]\n$/);
  }
  assertEquals(await countKeys(world), good.length);
});

Deno.test("without debci's dialect refusals are problems, with a challenge", async () => {
  await using world = await startKeyWorld({ backends: [] });
  const alice = await world.user("alice");
  const stranger = await world.make({});
  assertEquals(stranger.status, 401);
  assertStringIncludes(
    stranger.headers.get("www-authenticate") ?? "",
    "Basic realm=",
  );
  assertEquals((await stranger.json()).code, "unauthenticated");
  const { key } = await world.made(alice);
  const refused = await world.make({ "auth-key": key });
  assertEquals([refused.status, (await refused.json()).code], [
    403,
    "forbidden",
  ]);
});
