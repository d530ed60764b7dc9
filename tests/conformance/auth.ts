/**
 * What every way to sign in must do. A plugin's own test calls `testAuth` with samples.
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { Auth, Authenticate } from "../../core/auth.ts";
import { type Database, sql } from "../../core/database.ts";
import { ApiError } from "../../core/error.ts";
import { systemIds } from "../../core/id.ts";
import { silentLog } from "../../core/log.ts";
import { AccountStore } from "../../db/account_store.ts";
import { GroupStore } from "../../db/group_store.ts";
import { openEmbedded } from "../../db/embedded.ts";
import { migrate } from "../../db/migrate.ts";
import { SignInStore } from "../../db/sign_in_store.ts";
import { coreMigrations } from "../../db/migrations/mod.ts";
import { permissionKey } from "../../http/guard.ts";
import { createApp } from "../../routes/app.ts";

/** A started plugin on a real, empty store in memory. */
export type AuthStore = Disposable & {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly authenticate: Authenticate;
  /** The plugin's clock; set it to move time. */
  readonly clock: { now: number };
  /** All that the plugin logged, as JSON. */
  readonly logged: string[];
};

/** Headers of a request, made from what `seed` returned. */
export type Sample<Seeded> = {
  readonly name: string;
  readonly headers: (seeded: Seeded) => Record<string, string>;
};

/** What a plugin tells the suite about itself. */
export type AuthSamples<Seeded> = {
  readonly auth: Auth;
  /** Puts an account with a credential into the store. */
  readonly seed: (store: AuthStore) => Promise<Seeded>;
  /** Signs in as the seeded account. */
  readonly good: Sample<Seeded>;
  /** Of this scheme, but wrong. */
  readonly bad: readonly Sample<Seeded>[];
  /** Of another scheme. */
  readonly foreign: readonly Sample<Seeded>[];
  /** The network, for a scheme that asks another server; by default there is none. */
  readonly fetch?: typeof fetch;
  /** Another server keeps the credentials: without the plugin's rows somebody signs in for the first time. */
  readonly isKeptElsewhere?: boolean;
  /** Paths of the routes by which one signs in and out. */
  readonly publicPaths?: readonly string[];
};

const noNetwork: typeof fetch = () =>
  Promise.reject(new Error("it asked the network"));

/** Starts a plugin on a new store. The clock stands until it is set. */
export async function openAuthStore(
  auth: Auth,
  fetch: typeof globalThis.fetch = noNetwork,
): Promise<AuthStore> {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const now = () => clock.now;
  const logged: string[] = [];
  const database = openEmbedded(":memory:");
  await migrate(database, [
    { owner: "core", migrations: coreMigrations },
    { owner: auth.name, migrations: auth.migrations },
  ], now);
  const accounts = new AccountStore(database, now);
  const authenticate = auth.start({
    database,
    accounts,
    signIns: new SignInStore(database, now),
    now,
    fetch,
    log: (...line) => logged.push(JSON.stringify(line)),
  });
  return {
    database,
    accounts,
    authenticate,
    clock,
    logged,
    [Symbol.dispose]: () => database.close(),
  };
}

/** Registers the conformance test of a way to sign in. */
export function testAuth<Seeded>(
  name: string,
  samples: AuthSamples<Seeded>,
): void {
  const { auth } = samples;
  Deno.test(`auth ${name} conforms`, async (t) => {
    await t.step(
      "is named like its folder and its tables",
      () => assertNamed(name, auth),
    );
    await t.step(
      "starts without touching the store or the network",
      () => assertQuietStart(auth),
    );
    using store = await openAuthStore(auth, samples.fetch);
    const seeded = await samples.seed(store);
    for (const { name, headers } of [...builtInForeign, ...samples.foreign]) {
      await t.step(
        `does not know ${name}`,
        () => assertForeign(store, headers(seeded)),
      );
    }
    for (const { name, headers } of samples.bad) {
      await t.step(
        `refuses ${name}`,
        () => assertRefused(store, headers(seeded)),
      );
    }
    const good = samples.good.headers(seeded);
    await t.step(
      `knows ${samples.good.name}`,
      () => assertKnown(store, auth, good),
    );
    await t.step(
      "answers requests at once as it answers one",
      () => assertConcurrent(store, good),
    );
    await t.step(
      "its routes ask who is there, and repeat no credential",
      () => assertRoutes(store, auth, good, samples),
    );
    await t.step(
      "refuses a disabled account",
      () => assertDisabled(store, good),
    );
    if (!samples.isKeptElsewhere) {
      await t.step(
        "knows nobody without its rows",
        () => assertStored(store, auth, good),
      );
    }
    await t.step("logs no credential", () => assertSilent(store, good));
  });
}

const builtInForeign = [
  { name: "a request without credentials", headers: () => ({}) },
  {
    name: "the Digest scheme",
    headers: () => ({ authorization: 'Digest username="alice"' }),
  },
  {
    name: "a cookie",
    headers: () => ({ cookie: "session=0123456789abcdef" }),
  },
];

function requestWith(headers: Record<string, string>): Request {
  return new Request("http://slipway.test/v1/whoami", {
    method: "POST",
    headers,
    body: "{}",
  });
}

/** A sign-in must be refused as unauthenticated, with a text that helps and does not repeat the credential. */
export async function assertRefused(
  store: AuthStore,
  headers: Record<string, string>,
  saying = "Cannot sign in: ",
): Promise<void> {
  const error = await assertRejects(
    () => store.authenticate(requestWith(headers)),
    ApiError,
  );
  assertEquals(error.code, "unauthenticated", error.message);
  assertStringIncludes(error.message, saying);
  assertMatch(error.message, /^Cannot sign in: .*[^.]$/);
  for (const secret of secretsIn(headers)) {
    assert(!error.message.includes(secret), `repeats it: ${error.message}`);
  }
}

async function assertForeign(
  store: AuthStore,
  headers: Record<string, string>,
) {
  assertEquals(await store.authenticate(requestWith(headers)), null);
}

async function assertKnown(
  store: AuthStore,
  auth: Auth,
  headers: Record<string, string>,
) {
  const request = requestWith(headers);
  const principal = await store.authenticate(request);
  assert(principal !== null, "the good credential was not recognised");
  assertEquals(request.bodyUsed, false, "the body is the route's to read");
  assertEquals(principal.via, auth.name);
  assert(principal.credential !== "");
  const account = await store.accounts.find(principal.account);
  assertEquals(account?.kind, principal.kind);
  assertEquals(account?.name, principal.name);
  for (const secret of secretsIn(headers)) {
    assert(!JSON.stringify(principal).includes(secret), "holds its credential");
  }
}

async function assertConcurrent(
  store: AuthStore,
  headers: Record<string, string>,
) {
  const once = await store.authenticate(requestWith(headers));
  const many = await Promise.all(
    Array.from({ length: 8 }, () => store.authenticate(requestWith(headers))),
  );
  for (const principal of many) assertEquals(principal, once);
}

async function assertDisabled(
  store: AuthStore,
  headers: Record<string, string>,
) {
  const disable = (at: number | null) =>
    store.database.batch([sql`update account set disabled_at = ${at}`]);
  await disable(store.clock.now);
  await assertRefused(store, headers, "disabled");
  await disable(null);
  assert(await store.authenticate(requestWith(headers)) !== null);
}

async function assertStored(
  store: AuthStore,
  auth: Auth,
  headers: Record<string, string>,
) {
  await store.database.batch(
    tablesOf(auth).map((table) => ({
      text: `delete from ${table}`,
      values: [],
    })),
  );
  await assertRefused(store, headers);
}

async function assertNamed(name: string, auth: Auth) {
  assertEquals(auth.name, name);
  assertMatch(name, /^[a-z][a-z_]*$/);
  assertEquals(auth.faults, []);
  assertMatch(auth.challenge, /^[A-Za-z-]+ realm="[^"]+"/);
  assert(auth.scheme.type !== undefined && auth.scheme.description);
  for (const table of tablesOf(auth)) assertMatch(table, RegExp(`^${name}_`));
  for (const step of auth.migrations) assertMatch(step.name, /^\d{4}_[a-z_]+$/);
  const folder = new URL(`../../plugins/auth/${name}/`, import.meta.url);
  assert((await Deno.stat(new URL("README.md", folder))).isFile);
}

function assertQuietStart(auth: Auth) {
  const loud = () => {
    throw new Error("it did something at its start");
  };
  const lent = {
    database: { query: loud, batch: loud, close: loud },
    accounts: {
      find: loud,
      findBy: loud,
      create: loud,
      setPermissions: loud,
    },
    signIns: { attempt: loud },
    now: loud,
    fetch: loud,
    log: loud,
  };
  assertEquals(typeof auth.start(lent), "function");
  assert(Array.isArray(auth.remoteSignIns(lent)));
  auth.routes({
    ...lent,
    ids: { uuid: loud, randomUuid: loud, secret: loud },
    groups: {
      list: loud,
      find: loud,
      ensure: loud,
      ownedBy: loud,
      owners: loud,
    },
    backends: [],
    baseUrl: loud,
    signIn: loud,
    remoteSignIns: [],
  });
}

/** A plugin's routes in an app of its own: all are guarded but those that sign in and well-known documents, and none tells what signs somebody in. */
async function assertRoutes(
  store: AuthStore,
  auth: Auth,
  good: Record<string, string>,
  { fetch = noNetwork, publicPaths = [] }: {
    fetch?: typeof globalThis.fetch;
    publicPaths?: readonly string[];
  },
) {
  const { database, clock } = store;
  const app = createApp({
    plugins: { auth: [auth], backends: [], rates: null },
    database,
    now: () => clock.now,
    fetch,
    log: (...line) => store.logged.push(JSON.stringify(line)),
  });
  for (const { method, path, access } of operations(store, auth)) {
    const what = `${method} ${path}`;
    assert(typeof access === "string", what);
    assertEquals(access === "public", publicPaths.includes(path), what);
    const ask = (headers: Record<string, string>) =>
      app.fetch(
        new Request(`http://slipway.test${path}`, { method, headers }),
      );
    const stranger = await ask({});
    await stranger.body?.cancel();
    if (access !== "public") {
      assertEquals([what, stranger.status], [what, 401]);
      assert(stranger.headers.has("www-authenticate"), what);
    }
    const known = await ask(good);
    const text = await known.text();
    assert(known.status < 500, `${what}: ${known.status}`);
    for (const secret of secretsIn(good)) assert(!text.includes(secret), what);
  }
  app.close();
}

function operations({ database, accounts, clock }: AuthStore, auth: Auth) {
  const now = () => clock.now;
  const routes = auth.routes({
    database,
    accounts,
    signIns: new SignInStore(database, now),
    now,
    fetch: noNetwork,
    log: silentLog,
    ids: systemIds(now),
    groups: new GroupStore(database, accounts, now),
    backends: [],
    baseUrl: (request) => new URL(request.url).origin,
    signIn: () => Promise.reject(new Error("a route signed in at its start")),
    remoteSignIns: [],
  });
  return (routes?.openAPIRegistry.definitions ?? []).flatMap((definition) =>
    definition.type === "route"
      ? [{
        method: definition.route.method.toUpperCase(),
        path: definition.route.path.replaceAll(/\{[^}]+\}/g, "0"),
        access: Object.entries(definition.route).find(([key]) =>
          key === permissionKey
        )?.[1],
      }]
      : []
  );
}

function assertSilent(store: AuthStore, headers: Record<string, string>) {
  for (const secret of secretsIn(headers)) {
    assert(!store.logged.some((line) => line.includes(secret)));
  }
}

function tablesOf(auth: Auth): string[] {
  return auth.migrations.flatMap((step) =>
    [...step.sql.matchAll(/create table (\w+)/g)].map(([, table = ""]) => table)
  );
}

/** What of these headers must not come back: whole values, their longer words, and what they hold in base64. */
function secretsIn(headers: Record<string, string>): string[] {
  return Object.values(headers).flatMap((value) => {
    const words = value.split(/[\s"'`,]+/);
    return [value, ...words, ...words.flatMap(decodedPassword)];
  }).filter((text) => text.length > 6);
}

function decodedPassword(word: string): string[] {
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(word));
    return [text, text.slice(text.indexOf(":") + 1)];
  } catch {
    return [];
  }
}
