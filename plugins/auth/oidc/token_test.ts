import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { sql } from "../../../core/database.ts";
import type { Principal } from "../../../core/principal.ts";
import { startTestApp } from "../../../tests/app.ts";
import {
  accessClaims,
  audience,
  type OpenIdProvider,
  startOpenIdProvider,
} from "../../../tests/openid_provider.ts";
import oidc from "./mod.ts";

type Options = NonNullable<Parameters<typeof oidc>[0]>;
type IssuerOptions = NonNullable<Options["issuers"]>[number];

/** An app beside a real provider, asked with bearer tokens. */
async function start(options: Partial<IssuerOptions> = {}) {
  const provider = await startOpenIdProvider();
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const issuer = {
    name: "corp",
    issuer: provider.issuer,
    audience,
    roles: { developers: "trigger", robots: ["executions:create"] },
    ...options,
  } satisfies IssuerOptions;
  const test = await startTestApp([], {
    auth: [oidc({ issuers: [issuer] })],
    fetch: globalThis.fetch,
    now,
  });
  const whoami = async (token: string) => {
    const response = await test.request("/v1/whoami", {
      headers: { authorization: `Bearer ${token}` },
    });
    const body: Principal & { detail: string } = await response.json();
    return { status: response.status, body };
  };
  return {
    provider,
    test,
    clock,
    whoami,
    fetches: () => provider.asked.length,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

Deno.test("an access token that a provider made signs in, with what its groups give", async () => {
  await using world = await start();
  const token = await world.provider.machineToken();
  assertEquals(decodeProtectedHeader(token).typ, "at+jwt");
  assertEquals(decodeJwt(token).aud, audience);
  const { status, body } = await world.whoami(token);
  assertEquals(status, 200, body.detail);
  assertEquals([body.kind, body.name], ["user", "corp.machine"]);
  assertEquals(body.permissions, ["executions:create"]);
});

async function assertRefused(
  { provider, whoami }: Awaited<ReturnType<typeof start>>,
  name: string,
  claims: Record<string, unknown>,
  header: Parameters<OpenIdProvider["sign"]>[1] = {},
  saying = "",
) {
  const token = await provider.sign(
    { ...accessClaims(provider, "alice"), ...claims },
    header,
  );
  const { status, body } = await whoami(token);
  assertEquals([name, status], [name, 401]);
  assertStringIncludes(body.detail, saying, name);
  assert(!body.detail.includes(token.slice(0, 20)), name);
}

Deno.test("a token that the provider signed, but not for this, is refused", async () => {
  await using world = await start();
  const { provider, whoami } = world;
  const now = Math.floor(Date.now() / 1000);
  const good = await whoami(
    await provider.sign(accessClaims(provider, "alice")),
  );
  assertEquals([good.status, good.body.name], [200, "corp.alice"]);
  const cases: readonly (readonly [string, Record<string, unknown>, string])[] =
    [
      ["another audience", { aud: "https://other.test" }, "claim aud"],
      ["no audience", { aud: undefined }, "claim aud"],
      ["expired", { exp: now - 31 }, "expired"],
      ["no expiry", { exp: undefined }, "claim exp"],
      ["expiry as text", { exp: `${now + 300}` }, "exp"],
      ["not yet valid", { nbf: now + 90 }, "claim nbf"],
      ["nobody's", { sub: undefined }, "claim sub"],
      ["a nameless one's", { sub: "" }, "sub"],
      ["an ID token", { nonce: "n" }, "ID token"],
      ["an ID token by its hash", { at_hash: "h" }, "ID token"],
      ["an ID token as Keycloak says", { typ: "ID" }, "ID token"],
      ["a refresh token", { typ: "Refresh" }, "of a kind"],
      ["bound to a key", { cnf: { jkt: "x" } }, "bound"],
    ];
  for (const [name, claims, saying] of cases) {
    await assertRefused(world, name, claims, {}, saying);
  }
  await assertRefused(world, "a logout token", {}, { typ: "logout+jwt" });
  await assertRefused(world, "ours", {}, { typ: "slipway-auto+jwt" });
  assertEquals(await world.test.database.query(sql`select 1 from account`), [
    { "1": 1 },
  ]);
});

Deno.test("a token of an issuer that is not configured asks nobody for a key", async () => {
  await using world = await start();
  const { provider, whoami } = world;
  const before = world.fetches();
  for (
    const iss of [
      "http://127.0.0.1:1",
      `${provider.issuer}/`,
      undefined,
      7,
      ["x", provider.issuer],
    ]
  ) {
    const claims = { ...accessClaims(provider, "alice"), iss };
    const { status, body } = await whoami(await provider.sign(claims));
    // No other scheme of this app reads bearer tokens.
    assertEquals([status, body.detail.includes("no credential")], [401, true]);
  }
  assertEquals(world.fetches(), before);
});

Deno.test("keys that are not known cost one request per cooldown, and wrong algorithms none", async () => {
  await using world = await start();
  const { provider, whoami } = world;
  await whoami(await provider.sign(accessClaims(provider, "alice")));
  assertEquals(world.fetches(), 2, "discovery and keys");
  for (let count = 0; count < 20; count++) {
    await assertRefused(world, "unknown kid", {}, { kid: `kid-${count}` });
  }
  assertEquals(world.fetches(), 2);
  const claims = btoa(JSON.stringify(accessClaims(provider, "alice")))
    .replaceAll("=", "");
  for (const alg of ["none", "None", "HS256", "HS512", "dir"]) {
    const header = btoa(JSON.stringify({ alg })).replaceAll("=", "");
    for (const signature of ["", "AAAA"]) {
      const { status } = await whoami(`${header}.${claims}.${signature}`);
      assertEquals([alg, status], [alg, 401]);
    }
  }
  assertEquals(world.fetches(), 2);
});

Deno.test("a key that the provider replaced is found, and the old one not taken any more", async () => {
  await using world = await start({ cooldownSeconds: 0 });
  const { provider, whoami } = world;
  const old = await provider.sign(accessClaims(provider, "alice"));
  assertEquals((await whoami(old)).status, 200);
  await provider.rotateKeys();
  const fresh = await provider.sign(accessClaims(provider, "alice"));
  assertEquals((await whoami(fresh)).status, 200);
  assertEquals((await whoami(old)).status, 401);
});

Deno.test("a provider that is down is a 503 that says so, asked once per cooldown", async () => {
  await using world = await start();
  const { provider, whoami, clock } = world;
  const token = await provider.sign(accessClaims(provider, "alice"));
  provider.fail(500);
  for (let count = 0; count < 10; count++) {
    const { status, body } = await whoami(token);
    assertEquals(status, 503);
    assertStringIncludes(body.detail, provider.issuer);
    assertStringIncludes(body.detail, "try again in 30 s");
  }
  assertEquals(world.fetches(), 1);
  const own = await world.test.request("/v1/whoami", { user: "bob" });
  await own.body?.cancel();
  assertEquals(own.status, 200);
  provider.fail(null);
  clock.ahead += 31_000;
  const later = await provider.sign(accessClaims(provider, "alice"));
  assertEquals((await whoami(later)).status, 200);
});

Deno.test("a provider that calls itself otherwise than it is configured is none", async () => {
  await using provider = await startOpenIdProvider();
  const issuer = provider.issuer.replace("127.0.0.1", "localhost");
  await using test = await startTestApp([], {
    auth: [
      oidc({
        issuers: [{ name: "corp", issuer, audience, everyone: "admin" }],
      }),
    ],
    fetch: globalThis.fetch,
    now: Date.now,
  });
  const claims = { ...accessClaims(provider, "alice"), iss: issuer };
  const response = await test.request("/v1/whoami", {
    headers: { authorization: `Bearer ${await provider.sign(claims)}` },
  });
  await response.body?.cancel();
  assertEquals(response.status, 503);
});

Deno.test("nobody becomes somebody else by a name that another issuer or this server gave", async () => {
  await using provider = await startOpenIdProvider();
  await using other = await startOpenIdProvider();
  const settings = { audience, everyone: "viewer" } as const;
  await using test = await startTestApp([], {
    auth: [oidc({
      issuers: [
        { name: "corp", issuer: provider.issuer, ...settings },
        { name: "partner", issuer: other.issuer, ...settings },
      ],
    })],
    fetch: globalThis.fetch,
    now: Date.now,
  });
  const local = await test.app.store.accounts.ensure("user", "alice", ["*:*"]);
  await test.app.store.accounts.ensure("user", "corp.carol", ["*:*"]);
  const whois = async (
    from: OpenIdProvider,
    sub: string,
    shown: string,
  ): Promise<Principal> => {
    const claims = { ...accessClaims(from, sub), preferred_username: shown };
    const response = await test.request("/v1/whoami", {
      headers: { authorization: `Bearer ${await from.sign(claims)}` },
    });
    return await response.json();
  };
  const first = await whois(provider, "1", "Alice");
  assertEquals(first.name, "corp.alice");
  assertEquals((await whois(other, "1", "alice")).name, "partner.alice");
  const namesake = await whois(provider, "2", "alice");
  assertEquals(/^corp\.alice-[0-9a-f]{12}$/.test(namesake.name), true);
  const carol = await whois(provider, "3", "carol");
  assertEquals(/^corp\.carol-[0-9a-f]{12}$/.test(carol.name), true);
  assertEquals(carol.permissions, ["*:read"]);
  // Called something else by now, and still the same person.
  assertEquals((await whois(provider, "1", "alice.smith")).name, "corp.alice");
  assertEquals(local.account.name, "alice");
});

Deno.test("requests that come at once make one account", async () => {
  await using world = await start();
  const { provider, whoami } = world;
  const token = await provider.sign(accessClaims(provider, "alice"));
  const all = await Promise.all(
    Array.from({ length: 12 }, () => whoami(token)),
  );
  assertEquals(
    new Set(all.map(({ body }) => body.name)),
    new Set(["corp.alice"]),
  );
  const accounts = await world.test.database.query(
    sql`select name from account`,
  );
  assertEquals(accounts, [{ name: "corp.alice" }]);
});

Deno.test("who is in no group that counts gets no account, and is told why", async () => {
  await using world = await start();
  const { provider, whoami } = world;
  for (
    const groups of [[], ["others"], ["__proto__"], undefined, "others", 7]
  ) {
    const claims = { ...accessClaims(provider, "mallory"), groups };
    const { status, body } = await whoami(await provider.sign(claims));
    assertEquals([status, JSON.stringify(groups)], [
      403,
      JSON.stringify(groups),
    ]);
    assertStringIncludes(body.detail, "only members of some groups");
  }
  assertEquals(await world.test.database.query(sql`select 1 from account`), []);
});

Deno.test("groups inside objects are found where the issuer keeps them", async () => {
  await using world = await start({ groupsClaim: "realm_access.roles" });
  const claims = {
    ...accessClaims(world.provider, "alice"),
    groups: ["robots"],
    realm_access: { roles: ["developers"] },
  };
  const { body } = await world.whoami(await world.provider.sign(claims));
  assertEquals(body.permissions, ["*:read", "*:create", "*:cancel"]);
});
