import type { Auth } from "../core/auth.ts";
import { defineAuth } from "../core/auth.ts";
import type { Backend } from "../core/backend.ts";
import type { Database } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { silentLog } from "../core/log.ts";
import { type Permission, roles } from "../core/permission.ts";
import { openBlobFolder } from "../db/blob_folder.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import {
  type App,
  type AppParts,
  createApp,
  migrationSources,
} from "../routes/app.ts";
import type { RatePolicies } from "../routes/rate_limiter.ts";
import * as z from "zod";

/** With it a test's runners register. */
export const runnerToken = "registration-token-of-the-tests";

/**
 * A way to sign in for tests of everything but signing in: `Test-User: NAME`
 * is that user, with the permissions of the role in `Test-Role` (`trigger` by default).
 */
export const testUser: (options?: Record<string, never>) => Auth = defineAuth({
  name: "test_user",
  scheme: { type: "apiKey", in: "header", name: "Test-User" },
  challenge: "Test-User",
  options: z.object({}),
  migrations: [],
  authenticate: ({ accounts }) => async (request) => {
    const name = request.headers.get("test-user");
    if (name === null) return null;
    const role = request.headers.get("test-role") ?? "trigger";
    const permissions: readonly Permission[] | undefined = Object.entries(roles)
      .find(([key]) => key === role)?.[1];
    const account = await accounts.find(
      Number(name.slice(name.lastIndexOf("-") + 1)),
    );
    if (account === null || permissions === undefined) {
      throw new ApiError(
        "unauthenticated",
        "Cannot accept the test user: there is no such account or role",
      );
    }
    return {
      kind: "user",
      account: account.id,
      name: account.name,
      permissions,
      limits: account.limits,
      via: "test_user",
      credential: name,
    };
  },
});

/** An app on a database of its own in memory. */
export type TestApp = AsyncDisposable & {
  readonly app: App;
  /** The app's own, to put into it what a plugin's tables presuppose. */
  readonly database: Database;
  /** Sends a request as a user that is made when new; without `user`, as nobody. */
  request(
    path: string,
    init?: RequestInit & {
      user?: string;
      role?: keyof typeof roles;
      /** Address of the client. */
      peer?: string;
    },
  ): Promise<Response>;
  /** The header that signs a user in, for requests that are sent in another way. */
  signIn(user: string): Promise<Record<string, string>>;
  /** Moves the app's clock forward. */
  advance(ms: number): void;
  now(): number;
};

/** Starts an app with the given backends. Its clock stands still until it is moved, unless `now` is lent. */
export async function startTestApp(
  backends: readonly Backend[],
  parts: Partial<AppParts> & {
    auth?: readonly Auth[];
    rates?: RatePolicies;
  } = {},
): Promise<TestApp> {
  const clock = { now: Date.UTC(2026, 0, 2, 3, 4, 5) };
  const now = parts.now ?? (() => clock.now);
  const plugins = {
    auth: [testUser(), ...(parts.auth ?? [])],
    backends,
    rates: parts.rates ?? null,
  };
  const database = parts.database ?? openEmbedded(":memory:");
  // Made when the first file comes.
  const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
  const files = `${temporary}/slipway-files-${crypto.randomUUID()}`;
  await migrate(database, migrationSources(plugins), now);
  const app = createApp({
    plugins,
    database,
    now,
    fetch: () =>
      Promise.reject(new TypeError("Cannot fetch: tests lend no network")),
    log: silentLog,
    blobs: openBlobFolder(files),
    runnerToken,
    ...parts,
  });
  const signIn = async (user: string) => {
    const { account } = await app.store.accounts.ensure(
      "user",
      user,
      roles.trigger,
    );
    return { "test-user": `${user}-${account.id}` };
  };
  return {
    app,
    database,
    signIn,
    now,
    advance: (ms) => {
      clock.now += ms;
    },
    async request(path, { user, role, peer, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (user !== undefined) {
        for (const [name, value] of Object.entries(await signIn(user))) {
          headers.set(name, value);
        }
      }
      if (role !== undefined) headers.set("test-role", role);
      return await app.fetch(
        new Request(new URL(path, "http://slipway.test"), { ...init, headers }),
        peer === undefined ? undefined : { remoteAddr: { hostname: peer } },
      );
    },
    [Symbol.asyncDispose]: async () => {
      app.close();
      database.close();
      await Deno.remove(files, { recursive: true }).catch(() => {});
    },
  };
}
