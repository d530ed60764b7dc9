import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { Account } from "../core/account.ts";
import type { Backend } from "../core/backend.ts";
import { type Database, sql } from "../core/database.ts";
import type { Limit } from "../core/limit.ts";
import { type Permission, roles } from "../core/permission.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const keysPath = "/api/v1/keys";

/** Headers that sign somebody in. */
export type SignIn = Readonly<Record<string, string>>;

const madeSchema = z.strictObject({
  id: z.uuid(),
  key: z.uuid(),
  description: z.string(),
  created_at: z.iso.datetime(),
});

const listSchema = z.strictObject({
  keys: z.array(z.strictObject({
    id: z.uuid(),
    description: z.string(),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable(),
    revoked_at: z.iso.datetime().nullable(),
  })),
});

/** A key as it was shown when it was made. */
export type MadeKey = z.output<typeof madeSchema>;

/** An app with every way to sign in, and people who use them. */
export type KeyWorld = AsyncDisposable & {
  readonly app: TestApp;
  readonly database: Database;
  /** All that the app logged, as JSON. */
  readonly logged: readonly string[];
  advance(ms: number): void;
  now(): number;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A user with a password. */
  user(name: string, permissions?: readonly Permission[]): Promise<SignIn>;
  /** A token of the group `bots`. */
  token(
    scopes?: readonly Permission[],
    limits?: readonly Limit[],
  ): Promise<SignIn>;
  make(
    signIn: SignIn,
    init?: { headers?: SignIn; body?: BodyInit },
  ): Promise<Response>;
  /** Makes a key, which must work. */
  made(signIn: SignIn, description?: string): Promise<MadeKey>;
  list(signIn: SignIn): Promise<z.output<typeof listSchema>["keys"]>;
  revoke(signIn: SignIn, id: string): Promise<number>;
  /** What debci's own check says to a key: 200 or 403. */
  check(key: string): Promise<number>;
};

/** Starts it, with debci's dialect unless other backends are given. */
export async function startKeyWorld(
  parts: { database?: Database; backends?: readonly Backend[] } = {},
): Promise<KeyWorld> {
  const { backends = [autopkgtest()], ...lent } = parts;
  const signingKey = await generateSigningKey();
  const logged: string[] = [];
  const app = await startTestApp(backends, {
    auth: [bearer({ signingKey }), authKey(), basic()],
    log: (...line) => logged.push(JSON.stringify(line)),
    ...lent,
  });
  const { database, now } = app;
  const { accounts } = app.app.store;
  const request = (path: string, init?: RequestInit) => app.request(path, init);
  const make: KeyWorld["make"] = (signIn, { headers, body = "" } = {}) =>
    request(keysPath, {
      method: "POST",
      headers: { ...signIn, ...headers },
      body,
    });
  return {
    app,
    database,
    logged,
    advance: app.advance,
    now,
    request,
    make,
    user: async (name, permissions = roles.trigger) => {
      const { account } = await accounts.ensure("user", name, permissions);
      return await givePassword(database, account, now());
    },
    token: async (scopes, limits = []) => {
      const { account } = await accounts.ensure("group", "bots", roles.trigger);
      const { token, insert } = await issueToken({
        key: await importSigningKey(signingKey),
        issuer: defaultIssuer,
        account,
        jti: crypto.randomUUID(),
        now: now(),
        expiresAt: null,
        scopes: scopes ?? null,
        limits,
        description: "",
      });
      await database.batch([insert]);
      return { authorization: `Bearer ${token}` };
    },
    made: async (signIn, description) => {
      const response = await make(signIn, {
        body: new URLSearchParams(
          description === undefined ? {} : { description },
        ),
      });
      const text = await response.text();
      assertEquals(response.status, 201, text);
      return madeSchema.parse(JSON.parse(text));
    },
    list: async (signIn) => {
      const response = await request(keysPath, { headers: signIn });
      const text = await response.text();
      assertEquals(response.status, 200, text);
      return listSchema.parse(JSON.parse(text)).keys;
    },
    revoke: async (signIn, id) => {
      const response = await request(`${keysPath}/${id}`, {
        method: "DELETE",
        headers: signIn,
      });
      await response.body?.cancel();
      return response.status;
    },
    check: async (key) => {
      const headers = { "auth-key": key };
      const response = await request("/api/v1/auth", { headers });
      await response.body?.cancel();
      return response.status;
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

async function givePassword(
  database: Database,
  account: Account,
  now: number,
): Promise<SignIn> {
  const password = `the password of ${account.name}`;
  // Cheap, for tests that are not about its time.
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const hash = await hashPassword(password, newSalt(), cost);
  await database.batch([savePassword({ account, hash, now })]);
  return { authorization: `Basic ${btoa(`${account.name}:${password}`)}` };
}

/** How many rows of keys there are, whosever they are. */
export async function countKeys({ database }: KeyWorld): Promise<number> {
  const [row] = await database.query(
    sql`select count(*) as n from auth_key_key`,
  );
  return Number(row?.n);
}
