import type { Account } from "../core/account.ts";
import { sql } from "../core/database.ts";
import { facetsOf } from "../core/facet.ts";
import { systemIds } from "../core/id.ts";
import { roles } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import { registrationSchema } from "../core/protocol.ts";
import type { End, Outcome, Run, Submission } from "../core/run.ts";
import { RunStore } from "../db/run_store.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import { importSigningKey } from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import prow from "../plugins/backends/prow/mod.ts";
import type { App } from "../routes/app.ts";
import { catalogue, executionRequest } from "./job.ts";
import { varyExecution, varyTest } from "./variety.ts";
import type { Fill, Fixture } from "./target.ts";

/** Tests that a poll finds when there is news. */
export const newTests = 200;

const runsPerWrite = 5000;
const facets = facetsOf([autopkgtest(), prow()]);
const now = Date.now;
const ids = systemIds(now);
const passed: Outcome = { state: "passed", message: "All tests passed" };
const end: End = { kind: "exited", exitCode: 0, facts: { version: "2.10-3" } };

/**
 * Fills a store with what a Slipway in use has: a catalogue of jobs, executions
 * that wait and one user's tests that are over. One of each kind is requested
 * through the API, the others are its copies.
 */
export async function fillStore(
  app: App,
  lent: { fill: Fill; signingKey: string; registrationToken: string },
): Promise<Fixture> {
  const { storedTests, queuedExecutions, isVaried } = lent.fill;
  const { accounts, database } = app.store;
  await importCatalogue(database, catalogue(), now);
  const group = (await accounts.ensure("group", "ci", roles.trigger)).account;
  const user =
    (await accounts.ensure("user", "britney", roles.trigger)).account;
  const token = await makeToken(app, group, lent.signingKey);
  const authKey = await makeAuthKey(app, user);
  const authorization = `Bearer ${token}`;

  const test = await request(app, "/api/v1/test/unstable/amd64/hello", {
    headers: { authorization },
  });
  const changedAt = Math.floor(now() / 1000) * 1000;
  const anHourBefore = changedAt - 3_600_000;
  const old = storedTests - newTests;
  const vary = isVaried ? varyTest : undefined;
  const tests = { outcome: passed, vary };
  if (isVaried) {
    const other = (await accounts.ensure("user", "al", roles.trigger)).account;
    await copy(app, test, old / 10, other, anHourBefore, tests);
  }
  await copy(app, test, old, user, anHourBefore, tests);
  await copy(app, test, newTests, user, changedAt, tests);
  await database.batch([reportEnd(user)]);

  const execution = await request(app, "/v1/executions", {
    headers: { authorization },
    body: JSON.stringify(executionRequest),
  });
  await copy(app, execution, queuedExecutions, group, now(), {
    vary: isVaried ? varyExecution : undefined,
  });
  return {
    token,
    authKey,
    runner: await register(app, lent.registrationToken),
    executionId: execution.id,
    since: changedAt / 1000,
  };
}

async function makeToken(
  { store }: App,
  account: Account,
  signingKey: string,
): Promise<string> {
  const { token, insert } = await issueToken({
    key: await importSigningKey(signingKey),
    issuer: defaultIssuer,
    account,
    jti: ids.uuid(),
    now: now(),
    expiresAt: null,
    scopes: null,
    description: "",
  });
  await store.database.batch([insert]);
  return token;
}

async function makeAuthKey({ store }: App, user: Account): Promise<string> {
  const key = crypto.randomUUID();
  const row = { id: ids.uuid(), account: user.id, key, name: "", now: now() };
  await store.database.batch([await insertAuthKey(row)]);
  return key;
}

async function register(app: App, token: string): Promise<string> {
  const answer = await post(app, "/runner/v1/register", {
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ name: "bench", offers: [{}], version: "0" }),
  });
  return registrationSchema.parse(await answer.json()).token;
}

/** Requests a run through the API, and returns it. */
async function request(
  app: App,
  path: string,
  init: RequestInit,
): Promise<Run> {
  await post(app, path, init);
  const [run] = await app.store.runs.list({ limit: 1 });
  if (run === undefined) throw new Error(`Cannot fill: ${path} made no run`);
  return run;
}

async function post(
  app: App,
  path: string,
  init: RequestInit,
): Promise<Response> {
  const url = new URL(path, "http://127.0.0.1");
  const answer = await app.fetch(new Request(url, { method: "POST", ...init }));
  if (answer.ok) return answer;
  throw new Error(
    `Cannot fill: ${path} answers ${answer.status} ${await answer.text()}`,
  );
}

/** Copies of a run that were made, and with an outcome over, at a time. */
async function copy(
  { store }: App,
  { backend, job, request, task, labels, priority }: Run,
  count: number,
  owner: Account,
  at: number,
  { outcome, vary = (submission) => submission }: {
    readonly outcome?: Outcome;
    readonly vary?:
      | ((submission: Submission, at: number) => Submission)
      | undefined;
  } = {},
): Promise<void> {
  const runs = new RunStore(store.database, () => at, ids, facets);
  const submission: Submission = {
    job,
    request,
    task,
    labels,
    priority,
    ...outcome && { outcome },
  };
  for (let left = count; left > 0; left -= runsPerWrite) {
    const size = Math.min(runsPerWrite, left);
    const copies = Array.from(
      { length: size },
      (_, index) => vary(submission, left - index),
    );
    await runs.submit(backend, toPrincipal(owner), copies);
  }
}

/** What a runner has reported of each of a user's tests. */
function reportEnd(user: Account) {
  return sql`
    update run set end = ${JSON.stringify(end)}, log_bytes = 20000,
      started_at = created_at - number * 7919 % 900 * 1000
    where owner = ${user.id}`;
}

function toPrincipal(account: Account): Principal {
  const { id, kind, name, permissions } = account;
  return {
    kind,
    account: id,
    name,
    permissions,
    limits: [],
    via: "bench",
    credential: "",
  };
}
