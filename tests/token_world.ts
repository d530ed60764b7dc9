import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { Database } from "../core/database.ts";
import type { Limit } from "../core/limit.ts";
import { type Permission, roles } from "../core/permission.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import { importKeySet } from "../plugins/auth/bearer/key_set.ts";
import { type MadeToken, makeToken } from "../plugins/auth/bearer/mint.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import { generateSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer } from "../plugins/auth/bearer/token.ts";
import prow from "../plugins/backends/prow/mod.ts";
import type { App } from "../routes/app.ts";
import { startTestApp } from "./app.ts";

/** Headers that sign somebody in. */
export type SignIn = Readonly<Record<string, string>>;

/** A token as POST answers it. */
export const madeSchema = z.strictObject({
  id: z.uuid(),
  token: z.string(),
  group: z.string(),
  scope: z.array(z.string()).nullable(),
  limits: z.array(z.unknown()),
  description: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
});

/** A token as GET answers it. */
export const shownSchema = z.strictObject({
  id: z.uuid(),
  group: z.string(),
  state: z.enum(["live", "revoked", "expired"]),
  scope: z.array(z.string()).nullable(),
  limits: z.array(z.unknown()),
  description: z.string(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  is_unused_for_90_days: z.boolean(),
  replaced_by: z.string().nullable(),
  signing_key: z.string().nullable(),
});

const listSchema = z.strictObject({
  tokens: z.array(shownSchema),
  next: z.string().nullable(),
});

/** An app with every way to sign in, groups, and people who own them. */
export type TokenWorld = AsyncDisposable & {
  readonly app: App;
  readonly database: Database;
  readonly logged: readonly string[];
  advance(ms: number): void;
  now(): number;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A user with a password, who owns these groups; both are made. */
  user(
    name: string,
    options?: {
      permissions?: readonly Permission[];
      limits?: readonly Limit[];
      owns?: readonly string[];
    },
  ): Promise<SignIn>;
  /** A token that the operator made. */
  operatorToken(
    group: string,
    options?: {
      permissions?: readonly Permission[];
      scopes?: readonly Permission[] | null;
      expiresAt?: number;
    },
  ): Promise<MadeToken & { signIn: SignIn }>;
  post(path: string, signIn: SignIn, body?: unknown): Promise<Response>;
  /** Makes a token, which must be answered with 201. */
  made(signIn: SignIn, body: unknown): Promise<z.output<typeof madeSchema>>;
  list(
    signIn: SignIn,
    query?: string,
  ): Promise<z.output<typeof listSchema>>;
  /** Status of a request that needs no more than to be signed in. */
  check(token: string): Promise<number>;
};

/** Starts it. */
export async function startTokenWorld(): Promise<TokenWorld> {
  const signingKey = await generateSigningKey();
  const logged: string[] = [];
  const test = await startTestApp([prow()], {
    auth: [bearer({ signingKey }), authKey(), basic()],
    log: (...line) => logged.push(JSON.stringify(line)),
  });
  const { database, now } = test;
  const { accounts, groups } = test.app.store;
  const request = (path: string, init?: RequestInit) =>
    test.request(path, init);
  const post: TokenWorld["post"] = (path, signIn, body) =>
    request(path, {
      method: "POST",
      headers: { ...signIn, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  const keys = await importKeySet(signingKey);
  return {
    app: test.app,
    database,
    logged,
    advance: test.advance,
    now,
    request,
    post,
    user: async (
      name,
      { permissions = roles.owner, limits = [], owns = [] } = {},
    ) => {
      await accounts.ensure("user", name, permissions);
      const account = await accounts.allow("user", name, {
        permissions,
        limits,
      });
      if (account === null) throw new Error(`Cannot make ${name}`);
      for (const group of owns) {
        await groups.addOwners((await groups.ensure(group)).account.id, [
          account,
        ]);
      }
      const cost = { memoryKib: 64, passes: 1, lanes: 1 };
      const hash = await hashPassword(`password of ${name}`, newSalt(), cost);
      await database.batch([savePassword({ account, hash, now: now() })]);
      return { authorization: `Basic ${btoa(`${name}:password of ${name}`)}` };
    },
    operatorToken: async (group, options = {}) => {
      const { permissions = roles.trigger, scopes = null } = options;
      const { account } = await accounts.ensure("group", group, permissions);
      const made = await makeToken({
        database,
        now,
        ids: { uuid: () => crypto.randomUUID() },
        issuer: defaultIssuer,
        keys: () => Promise.resolve(keys),
      }, {
        account,
        scopes,
        limits: [],
        description: "",
        createdBy: null,
        expiresAt: options.expiresAt ?? null,
      });
      return { ...made, signIn: { authorization: `Bearer ${made.token}` } };
    },
    made: async (signIn, body) => {
      const response = await post("/v1/tokens", signIn, body);
      const text = await response.text();
      assertEquals(response.status, 201, text);
      return madeSchema.parse(JSON.parse(text));
    },
    list: async (signIn, query = "") => {
      const response = await request(`/v1/tokens${query}`, { headers: signIn });
      const text = await response.text();
      assertEquals(response.status, 200, text);
      return listSchema.parse(JSON.parse(text));
    },
    check: async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await request("/v1/whoami", { headers });
      await response.body?.cancel();
      return response.status;
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

/** What a refusal says. */
export async function refusalOf(
  response: Response,
): Promise<{ status: number; detail: string }> {
  const { detail } = z.object({ detail: z.string() }).parse(
    await response.json(),
  );
  return { status: response.status, detail };
}
