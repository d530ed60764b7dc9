import { assertEquals, assertStringIncludes } from "@std/assert";
import { roles } from "../core/permission.ts";
import { countKeys, startKeyWorld } from "./key_world.ts";

Deno.test("an Auth-Key manages no keys, and the refusal says what does", async () => {
  await using world = await startKeyWorld();
  const alice = await world.user("alice");
  const { id, key } = await world.made(alice);
  const withKey = { "auth-key": key };
  for (const signIn of [withKey, { ...alice, ...withKey }]) {
    for (
      const [method, path] of [
        ["GET", "/api/v1/keys"],
        ["POST", "/api/v1/keys"],
        ["DELETE", `/api/v1/keys/${id}`],
      ] as const
    ) {
      const response = await world.request(path, { method, headers: signIn });
      assertEquals(response.status, 403, method);
      assertEquals(response.headers.get("auth-user"), "alice");
      assertEquals(
        await response.text(),
        "Cannot manage keys with a key: sign in with name and password (curl --user NAME) or with a token (Authorization: Bearer TOKEN)\n",
      );
    }
  }
  assertEquals(await countKeys(world), 1);
  assertEquals(await world.check(key), 200);
});

Deno.test("another account's key is as unknown as one that never was", async () => {
  await using world = await startKeyWorld();
  const [alice, bob, bots] = [
    await world.user("alice"),
    await world.user("bob"),
    await world.token(),
  ];
  const { id, key } = await world.made(alice, "laptop");
  const unknown = crypto.randomUUID();
  for (const stranger of [bob, bots]) {
    assertEquals(await world.list(stranger), []);
    const texts = await Promise.all([id, unknown].map(async (each) => {
      const response = await world.request(`/api/v1/keys/${each}`, {
        method: "DELETE",
        headers: stranger,
      });
      assertEquals(response.status, 404);
      return await response.text();
    }));
    assertEquals(texts[0], texts[1]);
  }
  assertEquals(await world.check(key), 200);
  assertEquals((await world.list(alice))[0]?.revoked_at, null);
});

Deno.test("a token makes keys of its group, which may do what the group may", async () => {
  await using world = await startKeyWorld();
  const bots = await world.token();
  const { key } = await world.made(bots, "fallback");
  const response = await world.request("/v1/whoami", {
    headers: { "auth-key": key },
  });
  const { id, permissions } = await response.json();
  assertEquals([id, permissions], ["group:bots", [...roles.trigger]]);
});

Deno.test("a narrowed token makes and revokes no key, and one that spells everything out does", async () => {
  await using world = await startKeyWorld();
  const { id, key } = await world.made(await world.token());
  const narrowed = await world.token(["*:read", "tests:create"]);
  const made = await world.make(narrowed);
  assertEquals(made.status, 403);
  const text = await made.text();
  assertStringIncludes(text, 'it may do less than group "bots"');
  assertStringIncludes(text, "(*:create, *:cancel is missing)");
  assertEquals(await world.revoke(narrowed, id), 403);
  assertEquals((await world.list(narrowed)).length, 1);
  const blind = await world.token(["tests:create"]);
  const listed = await world.request("/api/v1/keys", { headers: blind });
  assertEquals(listed.status, 403);
  assertStringIncludes(await listed.text(), "keys:read is missing");
  assertEquals([await countKeys(world), await world.check(key)], [1, 200]);
  await world.made(await world.token(["*:read", "*:create", "*:cancel"]));
});

Deno.test("a token that is limited to some work makes and revokes no key, which would have all of it", async () => {
  await using world = await startKeyWorld();
  const { id, key } = await world.made(await world.token());
  const limits = [{ backends: ["autopkgtest"], jobs: ["periodic-*"] }];
  const limited = await world.token(undefined, limits);
  const made = await world.make(limited);
  assertEquals(made.status, 403);
  assertStringIncludes(
    await made.text(),
    "(it is limited to backend autopkgtest, jobs periodic-*)",
  );
  assertEquals(await world.revoke(limited, id), 403);
  assertEquals([await countKeys(world), await world.check(key)], [1, 200]);
});

Deno.test("a token of a limited group makes keys that are limited alike", async () => {
  await using world = await startKeyWorld();
  const { accounts } = world.app.app.store;
  const bots = await world.token();
  const limits = [{ jobs: ["periodic-*"] }];
  const { permissions } = (await accounts.findByName("group", "bots")) ??
    { permissions: [] };
  await accounts.allow("group", "bots", { permissions, limits });
  const { key } = await world.made(bots);
  const response = await world.request("/api/v1/test/unstable/amd64/bash", {
    method: "POST",
    headers: { "auth-key": key },
  });
  assertEquals(response.status, 403);
  assertStringIncludes(await response.text(), "limited to jobs periodic-*");
});

Deno.test("a user who may only read has keys too, which may only read", async () => {
  await using world = await startKeyWorld();
  const victor = await world.user("victor", roles.viewer);
  const { id, key } = await world.made(victor);
  const response = await world.request("/api/v1/test/unstable/amd64/bash", {
    method: "POST",
    headers: { "auth-key": key },
  });
  await response.body?.cancel();
  assertEquals([await world.check(key), response.status], [200, 403]);
  assertEquals(await world.revoke(victor, id), 204);
});
