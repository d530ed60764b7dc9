import { assertEquals } from "@std/assert";
import { sql } from "../../../core/database.ts";
import type { Limit } from "../../../core/limit.ts";
import { type Permission, roles } from "../../../core/permission.ts";
import {
  assertRefused,
  type AuthStore,
  openAuthStore,
  testAuth,
} from "../../../tests/conformance/auth.ts";
import { keepKey, retireKey } from "./key_store.ts";
import bearer from "./mod.ts";
import { generateSigningKey, importSigningKey } from "./signing_key.ts";
import { defaultIssuer, issueToken } from "./token.ts";

const signingKey = await generateSigningKey();
const key = await importSigningKey(signingKey);

async function seed(
  { accounts, database, clock }: AuthStore,
  more: { scopes?: Permission[]; expiresAt?: number; limits?: Limit[] } = {},
) {
  const { account } = await accounts.ensure("group", "ci-bots", roles.trigger);
  const { token, insert } = await issueToken({
    key,
    issuer: defaultIssuer,
    account,
    jti: crypto.randomUUID(),
    now: clock.now,
    expiresAt: more.expiresAt ?? null,
    scopes: more.scopes ?? null,
    limits: more.limits ?? [],
    description: "",
  });
  await database.batch([insert]);
  return { token };
}

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });

const requestWith = (token: string) =>
  new Request("http://slipway.test/", { headers: bearing(token) });

testAuth("bearer", {
  auth: bearer({ signingKey }),
  publicPaths: ["/.well-known/jwks.json"],
  seed: (store) => seed(store),
  good: { name: "a token", headers: ({ token }) => bearing(token) },
  bad: [
    { name: "no token", headers: () => ({ authorization: "Bearer" }) },
    {
      name: "the word Bearer twice",
      headers: ({ token }) => bearing(`Bearer ${token}`),
    },
    {
      name: "a missing Bearer",
      headers: ({ token }) => ({ authorization: token }),
    },
    {
      name: "a colon after Bearer",
      headers: ({ token }) => ({ authorization: `Bearer: ${token}` }),
    },
    {
      name: "a token in quotes",
      headers: ({ token }) => bearing(`"${token}"`),
    },
    {
      name: "a header in quotes",
      headers: ({ token }) => ({ authorization: `"Bearer ${token}"` }),
    },
    {
      name: "a token with a space in it",
      headers: ({ token }) =>
        bearing(`${token.slice(0, 40)} ${token.slice(40)}`),
    },
    { name: "an unset shell variable", headers: () => bearing("$MY_TOKEN") },
    { name: "an Auth-Key", headers: () => bearing(crypto.randomUUID()) },
    { name: "an opaque token", headers: () => bearing("sha256~c2VjcmV0c2Vj") },
    { name: "a huge token", headers: () => bearing("a.b.".padEnd(9000, "c")) },
    {
      name: "a cut token",
      headers: ({ token }) => bearing(token.slice(0, -1)),
    },
    {
      name: "a token with one letter changed",
      headers: ({ token }) =>
        bearing(token.replace(/\.(.)/, (_, c) => c === "e" ? ".f" : ".e")),
    },
  ],
  foreign: [
    {
      name: "the Basic scheme",
      headers: () => ({ authorization: "Basic YWxpY2U6c2VjcmV0LXdvcmQ=" }),
    },
    {
      name: "a token in another header",
      headers: ({ token }) => ({ "auth-key": token }),
    },
  ],
});

Deno.test("the name of the scheme may be written in any case", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  for (const scheme of ["bearer", "BEARER"]) {
    const principal = await store.authenticate(
      new Request("http://slipway.test/", {
        headers: { authorization: `${scheme}  ${token}` },
      }),
    );
    assertEquals(principal?.name, "ci-bots");
  }
});

Deno.test("a token's scope narrows what its group may do", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store, {
    scopes: ["executions:*", "tokens:admin"],
  });
  const principal = await store.authenticate(requestWith(token));
  assertEquals(principal?.permissions, [
    "executions:read",
    "executions:create",
    "executions:cancel",
  ]);
});

Deno.test("a revoked token is refused at once, although it was known a moment ago", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  assertEquals(
    (await store.authenticate(requestWith(token)))?.name,
    "ci-bots",
  );
  await store.database.batch([
    sql`update bearer_token set revoked_at = ${store.clock.now}`,
  ]);
  await assertRefused(store, bearing(token), "revoked");
});

Deno.test("the tokens of a retired key are refused at once, although they were known a moment ago", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  await store.authenticate(requestWith(token));
  await store.database.batch([keepKey(key, 0), retireKey(key.kid, 0)]);
  await assertRefused(store, bearing(token), "has been retired");
});

Deno.test("the limits of a token count beside those of its group", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const limits = [{ jobs: ["periodic-*"] }];
  const { token } = await seed(store, { limits });
  const ofGroup = { backends: ["prow"] };
  const access = { permissions: roles.trigger, limits: [ofGroup] };
  await store.accounts.allow("group", "ci-bots", access);
  const principal = await store.authenticate(requestWith(token));
  assertEquals(principal?.limits, [ofGroup, ...limits]);
});

Deno.test("requests at once leave one record of the last use, and a minute later another", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  const lastUse = async () =>
    (await store.database.query(sql`select last_used_at from bearer_token`))[0]
      ?.last_used_at;
  const ask = () => store.authenticate(requestWith(token));
  await Promise.all(Array.from({ length: 20 }, ask));
  const first = store.clock.now;
  assertEquals(await lastUse(), first);
  store.clock.now += 59_999;
  await ask();
  assertEquals(await lastUse(), first);
  store.clock.now += 1;
  await ask();
  assertEquals(await lastUse(), store.clock.now);
});

Deno.test("a store that takes no writes refuses no token", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  await store.database.batch([sql`
    create trigger full before update on bearer_token begin
      select raise(abort, 'disk full'); end`]);
  const principal = await store.authenticate(requestWith(token));
  assertEquals(principal?.name, "ci-bots");
  assertEquals(store.logged.length, 1);
  assertEquals(store.logged[0]?.includes(token), false);
});

Deno.test("a token expires on time, although it was known a moment ago", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const expiresAt = store.clock.now + 60_000;
  const { token } = await seed(store, { expiresAt });
  store.clock.now = expiresAt - 1;
  assertEquals(
    (await store.authenticate(requestWith(token)))?.name,
    "ci-bots",
  );
  store.clock.now = expiresAt;
  await assertRefused(store, bearing(token), "expired");
});

Deno.test("a token that has expired before it is first seen is refused", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store, { expiresAt: store.clock.now + 1000 });
  store.clock.now += 5000;
  await assertRefused(store, bearing(token), "expired");
});

Deno.test("a row's earlier end counts", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  await store.database.batch([
    sql`update bearer_token set expires_at = ${store.clock.now}`,
  ]);
  await assertRefused(store, bearing(token), "expired");
});

Deno.test("the store keeps a token's hash only", async () => {
  using store = await openAuthStore(bearer({ signingKey }));
  const { token } = await seed(store);
  const kept = JSON.stringify(
    await store.database.query(sql`select * from bearer_token`),
  );
  for (const part of token.split(".")) assertEquals(kept.includes(part), false);
});

Deno.test("without a signing key every token is refused with what the operator must set", async () => {
  using store = await openAuthStore(bearer());
  const { token } = await seed(store);
  await assertRefused(store, bearing(token), "SLIPWAY_SIGNING_KEY");
});

Deno.test("a faulty signing key is a fault of the options that does not repeat it", () => {
  const text = signingKey.replace('"OKP"', '"RSA"');
  const { faults } = bearer({ signingKey: text });
  assertEquals(faults.length, 1);
  assertEquals(faults[0]?.startsWith("bearer: option signingKey: "), true);
  assertEquals(faults[0]?.includes(JSON.parse(text).d), false);
});
