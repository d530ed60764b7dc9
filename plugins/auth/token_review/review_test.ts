import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Principal } from "../../../core/principal.ts";
import { startTestApp } from "../../../tests/app.ts";
import tokenReview from "./mod.ts";

const ownToken = "the-server's-own-token";
const opaque = (mark: string) => `sha256~${mark.padEnd(43, "x")}`;

type User = { username: string; uid?: string; groups?: string[] };

/** An API server's TokenReview endpoint, over real HTTP. */
function startCluster() {
  const users = new Map<string, User>();
  const asked: string[] = [];
  const state = { status: 201, body: "", gate: Promise.resolve() };
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const review = await request.json();
      assertEquals(
        [request.method, pathname, review.kind, review.apiVersion],
        [
          "POST",
          "/apis/authentication.k8s.io/v1/tokenreviews",
          "TokenReview",
          "authentication.k8s.io/v1",
        ],
      );
      asked.push(review.spec.token);
      await state.gate;
      if (request.headers.get("authorization") !== `Bearer ${ownToken}`) {
        return Response.json({ kind: "Status", code: 401 }, { status: 401 });
      }
      if (state.status !== 201) {
        return new Response(state.body, { status: state.status });
      }
      const user = users.get(review.spec.token);
      const status = user === undefined
        ? { error: "[invalid bearer token]" }
        : { authenticated: true, user };
      return Response.json({ ...review, status }, { status: 201 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    users,
    asked,
    state,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function start(
  options: Partial<NonNullable<Parameters<typeof tokenReview>[0]>> = {},
) {
  const cluster = startCluster();
  const test = await startTestApp([], {
    auth: [tokenReview({
      apiServer: cluster.url,
      token: ownToken,
      roles: { "ci-admins": "admin", "system:authenticated": "viewer" },
      ...options,
    })],
    fetch: globalThis.fetch,
  });
  const whoami = async (token: string) => {
    const response = await test.request("/v1/whoami", {
      headers: { authorization: `Bearer ${token}` },
    });
    const body: Principal & { detail: string } = await response.json();
    return { status: response.status, headers: response.headers, ...body };
  };
  return {
    cluster,
    test,
    whoami,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

const groups = ["ci-admins", "system:authenticated"];

Deno.test("a cluster's token signs its user in, with what their groups give", async () => {
  await using world = await start();
  const { cluster, whoami } = world;
  cluster.users.set(opaque("a"), { username: "alice", uid: "u1", groups });
  const { status, kind, name, permissions, via } = await whoami(opaque("a"));
  assertEquals([status, kind, name], [200, "user", "cluster.alice"]);
  assertEquals([permissions, via], [["*:*", "*:read"], "token_review"]);
});

Deno.test("a user who was disabled here is refused although the cluster knows them, and audited", async () => {
  await using world = await start();
  const { cluster, test, whoami } = world;
  cluster.users.set(opaque("a"), { username: "alice", uid: "u1", groups });
  assertEquals((await whoami(opaque("a"))).status, 200);
  const { accounts, audit } = test.app.store;
  const alice = await accounts.findByName("user", "cluster.alice");
  await accounts.disable(alice?.id ?? 0, true);
  assertEquals((await whoami(opaque("a"))).status, 401);
  const lines = await audit.list({ limit: 10 });
  assertEquals(
    lines.map(({ principal, via, outcome }) => [principal, via, outcome]),
    [["user:cluster.alice", "token_review", "unauthenticated"]],
  );
});

Deno.test("an answer counts for five seconds, and not longer", async () => {
  await using world = await start();
  const { cluster, whoami, test } = world;
  const token = opaque("a");
  cluster.users.set(token, { username: "alice", groups });
  const all = await Promise.all(Array.from({ length: 8 }, () => whoami(token)));
  assertEquals(all.map(({ status }) => status), Array(8).fill(200));
  assertEquals(cluster.asked, [token], "requests at once ask once");
  cluster.users.delete(token);
  test.advance(4_999);
  assertEquals((await whoami(token)).status, 200);
  test.advance(1);
  assertEquals((await whoami(token)).status, 401);
  assertEquals((await whoami(token)).status, 401);
  assertEquals(cluster.asked.length, 2, "so does a no");
});

Deno.test("a token that the cluster does not know is a 401, and what is none is not sent on", async () => {
  await using world = await start();
  const { cluster, whoami } = world;
  const unknown = await whoami(opaque("z"));
  assertEquals(unknown.status, 401);
  assertStringIncludes(unknown.detail, "oc login");
  const bad = ["sha256~", "sha256~short", `${opaque("a")}x`, "sha256~$TOKEN"];
  for (const token of bad) {
    const { status, detail } = await whoami(token);
    assertEquals([token, status], [token, 401]);
    assertStringIncludes(detail, "43 characters");
  }
  for (const token of ["a.b.c", "SHA256~x", "x"]) await whoami(token);
  assertEquals(cluster.asked, [opaque("z")]);
});

Deno.test("an API server that fails is a 503 that says why, and is asked again", async () => {
  await using world = await start();
  const { cluster, whoami, test } = world;
  const token = opaque("a");
  cluster.users.set(token, { username: "alice", groups });
  const cases: readonly (readonly [number, string, string])[] = [
    [500, "oops", "does not answer as it must"],
    [403, "{}", "system:auth-delegator"],
    [401, "{}", "this server's own token"],
    [200, "not JSON", "does not answer as it must"],
    [200, "{}", "does not answer as it must"],
    [302, "", "does not answer as it must"],
  ];
  for (const [status, body, saying] of cases) {
    Object.assign(cluster.state, { status, body });
    const refused = await whoami(token);
    assertEquals([status, refused.status], [status, 503]);
    assertStringIncludes(refused.detail, saying);
    assertEquals(refused.headers.get("retry-after"), "5");
    assert(!refused.detail.includes(ownToken));
  }
  const own = await test.request("/v1/whoami", { user: "bob" });
  await own.body?.cancel();
  assertEquals(own.status, 200);
  cluster.state.status = 201;
  assertEquals((await whoami(token)).status, 200);
});

Deno.test("an API server that cannot be reached is a 503", async () => {
  await using world = await start({ apiServer: "http://127.0.0.1:1" });
  const { status, detail } = await world.whoami(opaque("a"));
  assertEquals(status, 503);
  assertStringIncludes(detail, "does not answer");
});

Deno.test("a flood of tokens asks no more at a time than it may", async () => {
  await using world = await start({ concurrent: 2 });
  const { cluster, whoami } = world;
  const { promise, resolve } = Promise.withResolvers<void>();
  cluster.state.gate = promise;
  const first = ["a", "b"].map((mark) => whoami(opaque(mark)));
  const deadline = Date.now() + 5_000;
  while (cluster.asked.length < 2 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const third = await whoami(opaque("c"));
  assertEquals(third.status, 503);
  assertStringIncludes(third.detail, "too many tokens");
  resolve();
  for (const { status } of await Promise.all(first)) assertEquals(status, 401);
  assertEquals(cluster.asked.length, 2);
  assertEquals((await whoami(opaque("c"))).status, 401);
});

Deno.test("the server's own token is read anew when it changes", async () => {
  let current = "an old token";
  await using world = await start({
    token: () => Promise.resolve(`${current}\n`),
  });
  world.cluster.users.set(opaque("a"), { username: "alice", groups });
  assertEquals((await world.whoami(opaque("a"))).status, 503);
  current = ownToken;
  assertEquals((await world.whoami(opaque("a"))).status, 200);
});

Deno.test("users are told apart by name and uid, and get no local user's account", async () => {
  await using world = await start({ everyone: "viewer" });
  const { cluster, whoami, test } = world;
  await test.app.store.accounts.ensure("user", "alice", ["*:*"]);
  cluster.users.set(opaque("a"), { username: "alice", uid: "1" });
  cluster.users.set(opaque("b"), { username: "alice", uid: "2" });
  cluster.users.set(opaque("c"), {
    username: "system:serviceaccount:ci:bot",
    uid: "3",
  });
  assertEquals((await whoami(opaque("a"))).name, "cluster.alice");
  const second = (await whoami(opaque("b"))).name;
  assertEquals(/^cluster\.alice-[0-9a-f]{12}$/.test(second), true);
  const bot = (await whoami(opaque("c"))).name;
  assertEquals(bot, "cluster.system-serviceaccount-ci-bot");
});

Deno.test("who is in no group that counts is told so", async () => {
  await using world = await start({ roles: { "ci-admins": "admin" } });
  world.cluster.users.set(opaque("a"), { username: "eve", groups: ["others"] });
  const { status, detail } = await world.whoami(opaque("a"));
  assertEquals(status, 403);
  assertStringIncludes(detail, "you are in none of them");
});
