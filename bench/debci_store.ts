/**
 * A server for `debci_results.ts`, in a process of its own: an embedded store
 * with as many package tests as its argument says, all of one user and over, 200 of
 * them changed just now. It measures the store itself first and prints one line of JSON.
 *
 * @module
 */
import { sql } from "../core/database.ts";
import { systemIds } from "../core/id.ts";
import { silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { createApp, migrationSources } from "../routes/app.ts";
import { print } from "../scripts/script.ts";
import { distributionOf } from "./distribution.ts";

/** Packages that the tests are of. */
const packages = 30_000;
const changedNow = 200;
const rowsPerWrite = 20_000;
const repetitions = 500;

const count = Number(Deno.args[0]);
const ended = Array.fromAsync(Deno.stdin.readable);
await using held = new AsyncDisposableStack();
const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
held.defer(() => Deno.remove(directory, { recursive: true }));
const database = openEmbedded(`${directory}/slipway.db`);
held.defer(() => database.close());
const plugins = { auth: [authKey()], backends: [autopkgtest()], rates: null };
await migrate(database, migrationSources(plugins), Date.now);
const app = createApp({
  plugins,
  database,
  now: Date.now,
  fetch: globalThis.fetch,
  log: silentLog,
});
held.defer(() => app.close());

const { account } = await app.store.accounts.ensure(
  "user",
  "britney",
  roles.trigger,
);
const key = crypto.randomUUID();
await database.batch([
  await insertAuthKey({
    id: systemIds(Date.now).uuid(),
    account: account.id,
    key,
    name: "",
    now: Date.now(),
  }),
  sql`insert into queue (key, labels) values ('bench', '{}')`,
]);
const changedAt = Math.floor(Date.now() / 1000) * 1000;
const begun = performance.now();
for (let at = 0; at < count; at += rowsPerWrite) {
  const upTo = Math.min(at + rowsPerWrite, count);
  await database.batch([fill(at, upTo)]);
}
const filledInSeconds = (performance.now() - begun) / 1000;

const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  app.fetch,
);
held.defer(() => server.shutdown());
print(JSON.stringify({
  port: server.addr.port,
  pid: Deno.pid,
  key,
  since: changedAt / 1000,
  filledInSeconds,
  finish: await measureFinish(),
  nothingNew: await measureSince(changedAt + 1000),
  changed: await measureSince(changedAt),
}));
await ended;

/** Tests that are over, one a second; the last ones changed just now. */
function fill(from: number, upTo: number) {
  const first = changedAt - (count + 3600) * 1000;
  return sql`
    with recursive test (number) as (
      select ${from} union all select number + 1 from test where number + 1 < ${upTo}
    ),
    timed as (
      select number, iif(number >= ${
    count - changedNow
  }, ${changedAt}, ${first} + number * 1000) as at from test
    )
    insert into run (
      id, backend, job, owner, owner_name, is_private, request, task, queue_key, priority, state,
      attempt, created_at, queued_at, started_at, finished_at, updated_at, "end", message, log_bytes
    )
    select printf('0190%08x-0000', number), 'autopkgtest', 'package' || (number * 7919 % ${packages}), ${account.id},
      'britney', number % 10 = 9, json_object('suite', 'unstable', 'arch', 'amd64', 'trigger', 'glibc/2.40-' || number,
        'pin_packages', iif(number / ${packages} % 2, json('[["src:glibc","testing"]]'), json('[]')),
        'extra_apt_sources', json('[]'), 'package_id', number % ${packages}),
      '{}', 'bench', 5, iif(number % 7 = 3, 'failed', 'passed'),
      1, at - 60000, at - 60000, at - 30000, at, at,
      '{"kind":"exited","exitCode":0,"facts":{"version":"2.10-3"}}', 'All tests passed', 20000
    from timed`;
}

/** In ms: what the app takes for a poll; its CPU time beside, which tells more on a busy machine. */
async function measureSince(since: number) {
  const request = new Request(
    `http://127.0.0.1/api/v1/test?since=${since / 1000}`,
    { headers: { "auth-key": key } },
  );
  const samples: number[] = [];
  const before = process.cpuUsage();
  for (let turn = 0; turn < repetitions; turn++) {
    const begun = performance.now();
    const answer = await app.fetch(request);
    await answer.text();
    samples.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    ...distributionOf(samples),
    cpu: (user + system) / 1000 / repetitions,
  };
}

/** In ms of CPU: the end of a test, with the history that is kept of it and without, 1,000 in one write each. */
async function measureFinish() {
  const ends = 1000;
  const measure = async (backend: string) => {
    await database.batch([sql`
      insert into run (id, backend, job, owner, owner_name, is_private, request, task, queue_key, priority, state,
        created_at, queued_at, started_at, updated_at)
      select id || ${backend}, ${backend}, job, owner + 0, owner_name, 0, request, task, queue_key, priority, 'running',
        created_at, queued_at, started_at, 0
      from run where number > ${
      count - ends * 20
    } and number % 20 = 0 limit ${ends}`]);
    const rows = await database.query(sql`
      select number from run where state = 'running' and backend = ${backend}`);
    const updates = rows.map(({ number = 0 }) =>
      sql`update run set state = 'passed', finished_at = ${
        changedAt - 5000
      }, updated_at = 0,
        "end" = '{"kind":"exited","exitCode":0}' where number = ${number}`
    );
    const before = process.cpuUsage();
    await database.batch(updates);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / rows.length;
  };
  const without = await measure("other");
  return { without, with: await measure("autopkgtest") };
}
