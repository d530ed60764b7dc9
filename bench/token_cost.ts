/**
 * What it costs to find out who a token is: CPU time of a request with a token,
 * beside that of the same request whose caller is known without asking. Both go
 * to the same app in this process, in turns, so that a busy machine weighs on
 * both alike.
 *
 * @module
 */
import * as z from "zod";
import { defineAuth } from "../core/auth.ts";
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

const rounds = 40;
const perRound = 250;
const coldTokens = 4000;

/** A caller who is known without a question: what is left is the request itself. */
const known = defineAuth({
  name: "known",
  scheme: { type: "apiKey", in: "header", name: "Known" },
  challenge: 'Known realm="slipway"',
  options: z.object({ account: z.int() }),
  migrations: [],
  authenticate: ({ options: { account } }) => {
    const principal = {
      kind: "group",
      account,
      name: "bots",
      permissions: roles.trigger,
      limits: [],
      via: "known",
      credential: "known",
    } as const;
    return (request) =>
      Promise.resolve(request.headers.has("known") ? principal : null);
  },
});

const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
const database = openEmbedded(`${directory}/slipway.db`);
const now = Date.now;
const signingKey = await generateSigningKey();
const unlimited = { requests: 1e9, windowSeconds: 1 };
const plugins = {
  auth: [bearer({ signingKey }), authKey(), known({ account: 1 })],
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
  for (const name of names) {
    const own = costs[name] ?? [];
    const ratio = median(own.map((each, i) => each / (costs[base]?.[i] ?? 1)));
    print(
      `| ${path.replace(/[\da-f-]{36}/, "ID").padEnd(21)} | ${
        name.padEnd(20)
      } | ${median(own).toFixed(0).padStart(7)} | ${
        ratio.toFixed(2).padStart(5)
      } |`,
    );
  }
}

print(`
CPU time per request, in µs; medians of ${rounds} rounds of ${perRound}

| GET                   | caller               | CPU, µs | ratio |
| --------------------- | -------------------- | ------- | ----- |`);
const callers = {
  "known without asking": { known: "1" },
  "a warm token": bearing(await newToken()),
  "an Auth-Key": { "auth-key": await newKey() },
};
await compare(`/v1/executions/${await newExecution()}`, callers);
await compare("/v1/whoami", callers);

const fresh: string[] = [];
for (let i = 0; i < coldTokens; i++) fresh.push(await newToken());
await database.batch([{
  text: "update bearer_token set last_used_at = ?",
  values: [now()],
}]);
const cold: number[] = [];
const warm: number[] = [];
for (let at = 0; at + perRound <= coldTokens; at += perRound) {
  const headersOf = (index: number) => bearing(fresh[at + index] ?? "");
  cold.push(await cost("/v1/whoami", headersOf, perRound));
  warm.push(await cost("/v1/whoami", headersOf, perRound));
}
print(`
A token that is seen for the first time: ${
  median(cold.map((each, i) => each - (warm[i] ?? 0))).toFixed(0)
} µs of CPU more than when it is seen again`);

app.close();
database.close();
await Deno.remove(directory, { recursive: true });
