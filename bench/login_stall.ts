/**
 * How long other requests stall while passwords are checked: a server in a
 * process of its own, one caller that reads all the time, and 20 logins at once.
 *
 * @module
 */
import { silentLog } from "../core/log.ts";
import { roles } from "../core/permission.ts";
import { AccountStore } from "../db/account_store.ts";
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import { createApp, migrationSources } from "../routes/app.ts";
import { print } from "../scripts/script.ts";

const password = "correct horse battery";
const logins = 20;

if (Deno.args[0] === "serve") await serve();
else await measure();

async function serve(): Promise<void> {
  const plugins = { auth: [basic({ waiting: logins })], backends: [] };
  const database = openEmbedded(":memory:");
  await migrate(database, migrationSources(plugins), Date.now);
  const accounts = new AccountStore(database, Date.now);
  const { account } = await accounts.ensure("user", "alice", roles.viewer);
  const hash = await hashPassword(password, newSalt());
  await database.batch([savePassword({ account, hash, now: Date.now() })]);
  const lent = { database, now: Date.now, fetch, log: silentLog };
  const app = createApp({ plugins, ...lent });
  Deno.serve({
    port: 0,
    onListen: ({ port }) => print(`http://127.0.0.1:${port}`),
  }, app.fetch);
}

async function measure(): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.filename ?? "", "serve"],
    stdout: "piped",
  }).spawn();
  const reader = server.stdout.getReader();
  const url = new TextDecoder().decode((await reader.read()).value).trim();
  const idle = await readDuring(url, wait(3_000));
  const started = performance.now();
  const busy = await readDuring(url, signInOften(url));
  const seconds = (performance.now() - started) / 1000;
  print(`nobody signs in:     ${describe(idle)}`);
  print(`${logins} logins (${seconds.toFixed(1)} s): ${describe(busy)}`);
  server.kill("SIGKILL");
  await reader.cancel();
  await server.status;
}

async function signInOften(url: string): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`alice:${password}`)}` };
  await Promise.all(Array.from({ length: logins }, async () => {
    const answer = await fetch(`${url}/v1/whoami`, { headers });
    await answer.body?.cancel();
    if (answer.status !== 200) throw new Error(`It answered ${answer.status}`);
  }));
}

/** What each request took, in ms, that was sent until `until` has come. */
async function readDuring(
  url: string,
  until: Promise<void>,
): Promise<number[]> {
  let isOver = false;
  void until.then(() => isOver = true);
  const took: number[] = [];
  while (!isOver) {
    const started = performance.now();
    await (await fetch(`${url}/livez`)).body?.cancel();
    took.push(performance.now() - started);
    await wait(2);
  }
  await until;
  return took;
}

function describe(took: readonly number[]): string {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(1);
  return `${took.length} requests, p50 ${at(0.5)} ms, p99 ${
    at(0.99)
  } ms, longest ${at(1)} ms`;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
