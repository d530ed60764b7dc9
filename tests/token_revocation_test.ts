import { assert, assertEquals } from "@std/assert";
import { silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { systemIds } from "../core/id.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.ts";
import { importKeySet } from "../plugins/auth/bearer/key_set.ts";
import { makeToken } from "../plugins/auth/bearer/mint.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import { generateSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer } from "../plugins/auth/bearer/token.ts";
import { revokeTokens } from "../plugins/auth/bearer/token_store.ts";
import { createApp, migrationSources } from "../routes/app.ts";
import { startSqld } from "./sqld.ts";

/** What docs/benchmarks.md promises at worst. */
const maxDelayMs = 5_000;

Deno.test("a revoked token is refused by the next request, also on another server that took it a moment ago", async () => {
  await using sqld = await startSqld();
  const now = Date.now;
  const signingKey = await generateSigningKey();
  const plugins = { auth: [bearer({ signingKey })], backends: [], rates: null };
  const start = () => {
    const settings = { databaseUrl: sqld.url, databaseAuthToken: undefined };
    const database = openDatabase(settings);
    const app = createApp({ plugins, database, now, fetch, log: silentLog });
    return { app, database };
  };
  const servers = [start(), start(), start()];
  const [here] = servers;
  if (here === undefined) throw new Error("no server");
  const { database, app: { store } } = here;
  await migrate(database, migrationSources(plugins), now);
  const { account } = await store.accounts.ensure(
    "group",
    "bots",
    roles.trigger,
  );
  const set = await importKeySet(signingKey);
  const mint = {
    database,
    now,
    ids: systemIds(now),
    issuer: defaultIssuer,
    keys: () => Promise.resolve(set),
  };
  const statuses = (token: string) =>
    Promise.all(servers.map(async ({ app }) => {
      const response = await app.fetch(
        new Request("http://slipway.test/v1/whoami", {
          headers: { authorization: `Bearer ${token}` },
        }),
      );
      await response.body?.cancel();
      return response.status;
    }));
  let slowestMs = 0;
  for (let turn = 0; turn < 20; turn++) {
    const { token, id } = await makeToken(mint, {
      account,
      scopes: roles.trigger,
      limits: [],
      description: "",
      createdBy: null,
      expiresAt: null,
    });
    assertEquals(await statuses(token), [200, 200, 200]);
    const revokedAt = performance.now();
    await database.batch([revokeTokens({ id }, now())]);
    assertEquals(await statuses(token), [401, 401, 401]);
    slowestMs = Math.max(slowestMs, performance.now() - revokedAt);
  }
  assert(slowestMs < maxDelayMs, `${slowestMs} ms`);
  for (const { app, database } of servers) {
    app.close();
    database.close();
  }
});
