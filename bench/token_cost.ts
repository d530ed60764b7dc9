/**
 * What it costs to find out who a token is: CPU time of a request with a token,
 * beside that of the same request whose caller is known without asking. Both go
 * to the same app in this process, in turns, so that a busy machine weighs on
 * both alike.
 *
 * @module
 */
import * as z from "zod";
import { systemIds } from "../core/id.ts";
import { silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { migrate } from "../db/migrate.ts";
import { openEmbedded } from "../db/embedded.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import { importKeySet } from "../plugins/auth/bearer/key_set.ts";
import { makeToken } from "../plugins/auth/bearer/mint.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import { generateSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer } from "../plugins/auth/bearer/token.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { type App, createApp, migrationSources } from "../routes/app.ts";
import { print } from "../scripts/script.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import { catalogue, executionRequest } from "./job.ts";
import { knownCaller } from "./known_caller.ts";

const rounds = 40;
const perRound = 250;
const coldTokens = 1000;
const coldPerRound = 100;

const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
const database = openEmbedded(`${directory}/slipway.db`);
const now = Date.now;
const signingKey = await generateSigningKey();
const unlimited = { requests: 1e9, windowSeconds: 1 };
const plugins = {
  auth: [bearer({ signingKey }), authKey(), knownCaller()],
  backends: [prow()],
  rates: { read: unlimited, trigger: unlimited },
};
await migrate(database, migrationSources(plugins), now);
const app: App = createApp({ plugins, database, now, fetch, log: silentLog });
const { account } = await app.store.accounts.ensure(
  "group",
  "bots",
  roles.trigger,
);
const keys = await importKeySet(signingKey);
const mint = {
  database,
  now,
  ids: systemIds(now),
  issuer: defaultIssuer,
  keys: () => Promise.resolve(keys),
};

async function newToken(): Promise<string> {
  const { token } = await makeToken(mint, {
    account,
    scopes: roles.trigger,
    limits: [],
    description: "",
    createdBy: null,
    expiresAt: null,
  });
  return token;
}

async function newKey(): Promise<string> {
  const key = crypto.randomUUID();
  const row = { id: "k1", account: account.id, key, name: "", now: now() };
  await database.batch([await insertAuthKey(row)]);
  return key;
}

/** Id of an execution, for the request that is measured. */
async function newExecution(): Promise<string> {
  await importCatalogue(database, catalogue(), now);
  const response = await app.fetch(
    new Request("http://slipway.test/v1/executions", {
      method: "POST",
      headers: { known: "1" },
      body: JSON.stringify(executionRequest),
    }),
  );
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

const bearing = (token: string) => ({ authorization: `Bearer ${token}` });

/** µs of CPU of this process for each of so many requests. */
async function cost(
  path: string,
  headersOf: (index: number) => Record<string, string>,
  count: number,
): Promise<number> {
  const requests = Array.from(
    { length: count },
    (_, index) =>
      new Request(`http://slipway.test${path}`, { headers: headersOf(index) }),
  );
  const before = process.cpuUsage();
  for (const request of requests) {
    const response = await app.fetch(request);
    if (response.status !== 200) throw new Error(await response.text());
    await response.arrayBuffer();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Medians of rounds in turns, and the median of each round's ratio to the first. */
async function compare(
  path: string,
  callers: Readonly<Record<string, Record<string, string>>>,
): Promise<void> {
  const names = Object.keys(callers);
  const costs: Record<string, number[]> = {};
  for (let round = -5; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const each = await cost(path, () => callers[name] ?? {}, perRound);
      if (round >= 0) (costs[name] ??= []).push(each);
    }
  }
  const [base = ""] = names;
  const fastest = Math.min(...costs[base] ?? []);
  for (const name of names) {
    const own = costs[name] ?? [];
    const ratio = median(own.map((each, i) => each / (costs[base]?.[i] ?? 1)));
    print(
      `| ${path.replace(/[\da-f-]{36}/, "ID").padEnd(21)} | ${
        name.padEnd(20)
      } | ${Math.min(...own).toFixed(0).padStart(7)} | ${
        (Math.min(...own) / fastest).toFixed(2).padStart(5)
      } | ${median(own).toFixed(0).padStart(6)} | ${
        ratio.toFixed(2).padStart(5)
      } |`,
    );
  }
}

print(`
CPU time per request, in µs, without HTTP; the fastest and the median of ${rounds} rounds of ${perRound}

| GET                   | caller               | fastest | ratio | median | ratio |
| --------------------- | -------------------- | ------- | ----- | ------ | ----- |`);
const callers = {
  "known without asking": { known: "1" },
  "a warm token": bearing(await newToken()),
  "an Auth-Key": { "auth-key": await newKey() },
};
await compare(`/v1/executions/${await newExecution()}`, callers);
await compare("/v1/whoami", callers);

const authenticate = plugins.auth[0]?.start({
  database,
  accounts: app.store.accounts,
  signIns: app.store.signIns,
  now,
  fetch,
  log: silentLog,
});
const fresh: Request[] = [];
for (let i = 0; i < coldTokens; i++) {
  const headers = bearing(await newToken());
  fresh.push(new Request("http://slipway.test/", { headers }));
}
await database.batch([{
  text: "update bearer_token set last_used_at = ?",
  values: [now()],
}]);
const cold: number[] = [];
const warm: number[] = [];
for (let at = 0; at + coldPerRound <= coldTokens; at += coldPerRound) {
  const some = fresh.slice(at, at + coldPerRound);
  for (const costs of [cold, warm]) {
    const before = process.cpuUsage();
    for (const request of some) await authenticate?.(request);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / coldPerRound);
  }
}
print(`
Telling who a token is, without the rest of the request: seen for the first time ${
  median(cold).toFixed(0)
} µs of CPU, then ${median(warm).toFixed(0)} µs`);

app.close();
database.close();
await Deno.remove(directory, { recursive: true });
