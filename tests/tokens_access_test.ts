import { assertEquals, assertStringIncludes } from "@std/assert";
import { roles } from "../core/permission.ts";
import { refusalOf, startTokenWorld, type TokenWorld } from "./token_world.ts";

/** What a principal gets from every route about a token of the group `bots`. */
async function statuses(
  world: TokenWorld,
  signIn: Readonly<Record<string, string>>,
  id: string,
): Promise<number[]> {
  const asked: [string, string][] = [
    ["GET", "/v1/tokens?group=bots"],
    ["POST", "/v1/tokens"],
    ["GET", `/v1/tokens/${id}`],
    ["POST", `/v1/tokens/${id}/rotate`],
    ["DELETE", `/v1/tokens/${id}`],
    ["DELETE", "/v1/tokens?group=bots"],
  ];
  const seen = [];
  for (const [method, path] of asked) {
    const isMake = path === "/v1/tokens";
    const response = await world.request(path, {
      method,
      headers: { ...signIn, "content-type": "application/json" },
      body: isMake ? JSON.stringify({ group: "bots" }) : null,
    });
    await response.body?.cancel();
    seen.push(response.status);
  }
  return seen;
}

Deno.test("only owners with tokens:manage and administrators manage a group's tokens", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const { id, token } = await world.made(alice, { group: "bots" });
  const strangers = {
    nobody: {},
    "one without tokens:manage": await world.user("vera", {
      permissions: roles.trigger,
    }),
    "a viewer": await world.user("vic", { permissions: roles.viewer }),
    "the group's own token": { authorization: `Bearer ${token}` },
  };
  for (const [who, signIn] of Object.entries(strangers)) {
    const denied = who === "nobody" ? 401 : 403;
    assertEquals([who, ...await statuses(world, signIn, id)], [
      who,
      ...Array(6).fill(denied),
    ]);
  }
  const otherOwner = await world.user("olga", { owns: ["others"] });
  assertEquals(await statuses(world, otherOwner, id), [
    403,
    403,
    404,
    404,
    404,
    403,
  ]);
  assertEquals(await world.check(token), 200);
  const admin = await world.user("root", { permissions: roles.admin });
  assertEquals(await statuses(world, admin, id), [
    200,
    201,
    200,
    201,
    204,
    200,
  ]);
});

Deno.test("another owner cannot tell a group or a token from one that there is not", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const olga = await world.user("olga", { owns: ["others"] });
  const { id } = await world.made(alice, { group: "bots" });
  const group = async (name: string) =>
    await refusalOf(await world.post("/v1/tokens", olga, { group: name }));
  const [known, unknown] = [await group("bots"), await group("nobodys")];
  assertEquals(known.detail.replace("bots", "nobodys"), unknown.detail);
  assertEquals([known.status, unknown.status], [403, 403]);
  const one = async (id: string) =>
    await refusalOf(
      await world.request(`/v1/tokens/${id}`, { headers: olga }),
    );
  assertEquals(await one(id), await one(crypto.randomUUID()));
  assertEquals((await world.list(olga)).tokens, []);
});

Deno.test("no token may more than its group, whoever makes it", async () => {
  await using world = await startTokenWorld();
  const admin = await world.user("root", { permissions: roles.admin });
  for (const scope of [["runs:admin"], ["*:read", "tokens:manage"]]) {
    const said = await refusalOf(
      await world.post("/v1/tokens", admin, { group: "bots", scope }),
    );
    assertEquals(said.status, 403);
    assertStringIncludes(said.detail, `group bots may not ${scope.at(-1)}`);
  }
  assertEquals(await world.app.store.groups.list(), []);
  const wide = await world.made(admin, { group: "bots", scope: ["*:*"] });
  assertEquals(wide.scope, ["*:read", "*:create", "*:cancel"]);
});

Deno.test("no token may more than who makes it: permissions", async () => {
  await using world = await startTokenWorld();
  await world.app.store.accounts.ensure("group", "bots", ["*:*"]);
  const alice = await world.user("alice", { owns: ["bots"] });
  const said = await refusalOf(
    await world.post("/v1/tokens", alice, {
      group: "bots",
      scope: ["runs:admin"],
    }),
  );
  assertEquals(said.status, 403);
  assertStringIncludes(said.detail, "it would allow runs:admin, which your");
  const reader = await world.user("rita", {
    permissions: ["tests:read", "tokens:manage"],
    owns: ["bots"],
  });
  assertEquals((await world.made(reader, { group: "bots" })).scope, [
    "tests:read",
  ]);
  const wide = await world.operatorToken("bots", { scopes: ["runs:admin"] });
  for (const owner of [alice, reader]) {
    const rotated = await refusalOf(
      await world.post(`/v1/tokens/${wide.id}/rotate`, owner),
    );
    assertEquals(rotated.status, 403);
    assertStringIncludes(rotated.detail, "it allows runs:admin");
  }
});

Deno.test("no token may more than who makes it: limits", async () => {
  await using world = await startTokenWorld();
  const limit = { backends: ["prow"], jobs: ["nightly-*"] };
  const lisa = await world.user("lisa", { limits: [limit], owns: ["bots"] });
  const narrow = await world.made(lisa, { group: "bots", jobs: ["*"] });
  assertEquals(narrow.limits, [{ jobs: ["*"] }, limit]);
  const rotated = await world.post(`/v1/tokens/${narrow.id}/rotate`, lisa);
  assertEquals(rotated.status, 201);
  await rotated.body?.cancel();
  const wide = await world.operatorToken("bots");
  const said = await refusalOf(
    await world.post(`/v1/tokens/${wide.id}/rotate`, lisa),
  );
  assertEquals(said.status, 403);
  assertStringIncludes(said.detail, "limited to less than it");
});

Deno.test("a token manages tokens only when its scope names that, of its own group, and no longer than itself", async () => {
  await using world = await startTokenWorld();
  const permissions = ["*:read", "*:create", "tokens:manage"] as const;
  const plain = await world.operatorToken("bots", { permissions });
  assertEquals(
    await statuses(world, plain.signIn, plain.id),
    Array(6).fill(403),
  );
  const all = await world.operatorToken("gods", { permissions: ["*:*"] });
  assertEquals(await statuses(world, all.signIn, plain.id), Array(6).fill(403));

  const expiresAt = world.now() + 3_600_000;
  const manager = await world.operatorToken("bots", {
    scopes: ["*:read", "tokens:manage"],
    expiresAt,
  });
  const made = await world.made(manager.signIn, { group: "bots" });
  assertEquals(made.scope, ["*:read"]);
  assertEquals(Date.parse(made.expires_at ?? ""), expiresAt);
  const elsewhere = await world.post("/v1/tokens", manager.signIn, {
    group: "gods",
  });
  assertEquals(elsewhere.status, 403);
  await elsewhere.body?.cancel();
  const wider = await world.post(
    `/v1/tokens/${plain.id}/rotate`,
    manager.signIn,
  );
  assertEquals(wider.status, 403);
  await wider.body?.cancel();
});

Deno.test("an Auth-Key of a group manages no tokens", async () => {
  await using world = await startTokenWorld();
  const bots = await world.operatorToken("bots", {
    permissions: ["*:*"],
    scopes: null,
  });
  const response = await world.request("/api/v1/keys", {
    method: "POST",
    headers: bots.signIn,
  });
  assertEquals(response.status, 201);
  const { key } = await response.json();
  assertEquals(
    await statuses(world, { "auth-key": key }, bots.id),
    Array(6).fill(403),
  );
});

Deno.test("a disabled group gets no token, and an ambient password makes none for another site's page", async () => {
  await using world = await startTokenWorld();
  const alice = await world.user("alice", { owns: ["bots"] });
  const { id } = await world.made(alice, { group: "bots" });
  const foreign = await world.post("/v1/tokens", {
    ...alice,
    origin: "https://evil.test",
    "sec-fetch-site": "cross-site",
  }, { group: "bots" });
  assertEquals(foreign.status, 403);
  await foreign.body?.cancel();
  await world.database.batch([{
    text: "update account set disabled_at = 1 where kind = 'group'",
    values: [],
  }]);
  for (const path of ["/v1/tokens", `/v1/tokens/${id}/rotate`]) {
    const body = path === "/v1/tokens" ? { group: "bots" } : {};
    const said = await refusalOf(await world.post(path, alice, body));
    assertEquals(said.status, 409);
    assertStringIncludes(said.detail, "group bots is disabled");
  }
});
