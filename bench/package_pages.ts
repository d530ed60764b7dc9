/**
 * How long a reader waits for the HTML of the pages about packages, over 100,000
 * results of two years and 10,000 tests that wait, on the embedded store: 8,000
 * packages in six places, one of which was tested 10,000 times in one of them.
 *
 * @module
 */
import { sql } from "../core/database.ts";
import { silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { createApp, migrationSources } from "../routes/app.ts";
import { print } from "../scripts/script.ts";
import { distributionOf } from "./distribution.ts";

const results = Number(Deno.args[0] ?? 100_000);
const ofOne = results / 10;
const waiting = 10_000;
const packages = 8_000;
const days = 730;
const warmUps = 10;
const repetitions = 100;

await using held = new AsyncDisposableStack();
const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
held.defer(() => Deno.remove(directory, { recursive: true }));
const database = openEmbedded(`${directory}/slipway.db`);
held.defer(() => database.close());
const plugins = { auth: [], backends: [autopkgtest()], rates: null };
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
await database.batch([
  sql`insert into queue (key, labels) values ('bench', '{}')`,
]);
const begun = performance.now();
await fill();
print(
  `${results} results and ${waiting} that wait, stored in ${
    ((performance.now() - begun) / 1000).toFixed(0)
  } s`,
);
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  app.fetch,
);
held.defer(() => server.shutdown());

const place = "suite[]=testing&arch[]=arm64";
const middle = Date.now() - days / 2 * 86_400_000;
const paths = [
  "/packages/",
  "/packages/p/",
  "/packages/p/?after=package4000",
  "/packages/-/search?query=kage79",
  "/packages/-/search?query=nosuch",
  "/packages/o/often/",
  "/packages/p/package78/",
  "/packages/p/nosuch/",
  "/packages/o/often/unstable/amd64/",
  `/packages/o/often/unstable/amd64/?before=${Math.floor(middle)}-1`,
  "/packages/p/package78/unstable/amd64/",
  "/status/",
  "/status/failing/",
  `/status/failing/?${place}`,
  `/status/failing/?before=${Math.floor(middle)}-1`,
  "/status/alerts/",
  "/status/changes/",
  `/status/changes/?${place}`,
  "/status/slow/",
  `/status/slow/?${place}`,
  "/status/pending/",
  `/status/pending/?${place}`,
  "/status/platform-specific-issues/",
  "/status/platform-specific-issues/?after=package7/unstable",
  "/status/platform-specific-issues/?suite[]=nosuch",
  "/status/reject_list/",
];
print(`
| page                                                      | p50 ms | p99 ms | CPU ms |  kB |
| --------------------------------------------------------- | ------ | ------ | ------ | --- |`);
for (const path of paths) {
  for (let turn = 0; turn < warmUps; turn++) await ask(path);
  const samples: number[] = [];
  let bytes = 0;
  const before = process.cpuUsage();
  for (let turn = 0; turn < repetitions; turn++) {
    const begun = performance.now();
    bytes = await ask(path);
    samples.push(performance.now() - begun);
  }
  // Of asking and answering together: it tells more on a busy machine.
  const { user, system } = process.cpuUsage(before);
  const { p50, p99 } = distributionOf(samples);
  print(`| ${
    [
      path.padEnd(57),
      p50.toFixed(1).padStart(6),
      p99.toFixed(1).padStart(6),
      ((user + system) / 1000 / repetitions).toFixed(1).padStart(6),
      (bytes / 1000).toFixed(0).padStart(3),
    ].join(" | ")
  } |`);
}

/** Reads a page as anybody; its size in bytes. */
async function ask(path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.addr.port}${path}`, {
    headers: { accept: "text/html" },
  });
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (answer.status === 200 || path.includes("nosuch")) return bytes;
  throw new Error(`Cannot measure ${path}: it answers ${answer.status}`);
}

/** Tests that are over, evenly over the days, and then those that wait. */
async function fill(): Promise<void> {
  const perWrite = 10_000;
  for (let at = 0; at < results + waiting; at += perWrite) {
    await database.batch([stored(at, at + perWrite)]);
  }
}

function stored(from: number, upTo: number) {
  const first = Date.now() - days * 86_400_000;
  const each = days * 86_400_000 / results;
  return sql`
    with recursive test (number) as (
      select ${from} union all select number + 1 from test where number + 1 < ${upTo}
    ),
    timed as (
      select number, cast(${first} + min(number, ${results}) * ${each} as integer) as at,
        number >= ${results} as is_waiting, number % ${
    Math.round(results / ofOne)
  } = 0 as is_often,
        -- As by chance, and the same every time.
        number * 7919 % 104729 as chance
      from test
    )
    insert into run (
      id, backend, job, owner, owner_name, is_private, request, task, queue_key, priority, state,
      attempt, created_at, queued_at, started_at, finished_at, updated_at, "end", message, log_bytes
    )
    select printf('0190%08x-0000', number), 'autopkgtest',
      iif(is_often, 'often', 'package' || (chance % ${packages})), ${account.id}, 'britney', chance % 50 = 0,
      json_object(
        'suite', iif(is_often, 'unstable', json_array('unstable', 'testing', 'stable') ->> (chance / 7 % 3)),
        'arch', iif(is_often, 'amd64', json_array('amd64', 'arm64') ->> (chance / 31 % 2)),
        'trigger', 'glibc/2.40-' || number,
        'pin_packages', iif(chance % 9 = 0, json('[["src:glibc","testing"]]'), json('[]')),
        'extra_apt_sources', json('[]')
      ),
      '{}', 'bench', 5,
      iif(is_waiting, 'queued', json_array('passed', 'passed', 'passed', 'failed', 'passed', 'neutral', 'errored') ->> (chance / 97 % 7)),
      1, at - 60000, at - 60000, iif(is_waiting, null, at - iif(chance % 40 = 0, 5000000, 30000)),
      iif(is_waiting, null, at), at,
      iif(is_waiting, null, '{"kind":"exited","exitCode":0,"facts":{"version":"2.10-3"}}'), 'All tests passed', 20000
    from timed`;
}
