/**
 * `deno task start`: a whole Slipway on this machine, for development. It
 * migrates the store, serves, runs one runner beside the server, and prints
 * what to type next.
 *
 * @module
 */
import { boot, type Booted } from "../boot.ts";
import { jsonLog } from "../core/log.ts";
import { localUrl, readSettings, type Settings } from "../core/settings.ts";
import { findSigningKey } from "../plugins/auth/bearer/signing_key_file.ts";
import { systemCommands } from "../plugins/backends/autopkgtest/system_command.ts";
import type { App } from "../routes/app.ts";
import { endsInTime, untilSignal } from "../shutdown.ts";
import { listenFault, startFault } from "../start_fault.ts";
import { importExamples } from "./import_examples.ts";
import { nextSteps } from "./next_steps.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import {
  type StartCredentials,
  startCredentials,
} from "./start_credentials.ts";
import {
  checkRunnerSettings,
  chooseExecutors,
  runBeside,
} from "./start_runner.ts";
import { openStore } from "./store.ts";
import { ensureSystemPackages } from "./system_packages.ts";

const help = `Usage: deno task start [--no-install]

Serves on HOST:PORT (127.0.0.1:8000) with one runner beside the server.
Where a system package that the runner needs is missing, it is installed with
apt when that is possible; with --no-install it is only named.
All settings: docs/settings.md`;

async function main(args: readonly string[]): Promise<void> {
  const allowInstall = !args.includes("--no-install");
  const { words } = readArguments(
    "start",
    args.filter((arg) => arg !== "--no-install"),
    {},
  );
  if (words.length > 0) {
    throw new UsageError(`Cannot start: "${words[0]}" is no option`);
  }
  try {
    await start(allowInstall);
  } catch (error) {
    throw new Error(startFault(error), { cause: error });
  }
}

async function start(allowInstall: boolean): Promise<void> {
  const settings = developmentSettings(readSettings(Deno.env.toObject()));
  checkRunnerSettings(settings);
  const { autopkgtest, dpkgSource } = systemCommands;
  const commands = [autopkgtest, dpkgSource];
  await ensureSystemPackages({ allowInstall, log: tell, commands });

  using store = await openStore();
  store.notices.forEach(tell);
  await importExamples(store);
  const readSigningKey = () => findSigningKey(settings);
  const signingKey = await readSigningKey();
  const booted = boot({ ...settings, signingKey, readSigningKey }, {
    log: jsonLog(Date.now, tell),
    ...settings.port === 0 ? { url: null } : {},
  });
  try {
    const credentials = await startCredentials(
      store,
      (kept) => accepts(booted, kept),
    );
    await serve(settings, booted, credentials);
  } finally {
    booted.release();
  }
}

/** Serves, with a runner beside, until somebody wants it to stop. */
async function serve(
  settings: Settings,
  { app }: Booted,
  credentials: StartCredentials,
): Promise<void> {
  const executors = await chooseExecutors(settings, tell);
  const [newest] = await app.store.runs.list({ limit: 1 });
  const server = listen(settings, app);
  const url = localUrl(settings.host, server.addr.port);
  const stopped = untilSignal();
  const runner = runBeside({ url, executors, settings, say: tell });
  try {
    const next = (newest?.number ?? 0) + 1;
    print(nextSteps({ url, executors, ...credentials, next }));
    await stopped;
    tell("Stopping: the runner ends its work, then the server ends");
  } finally {
    await runner.stop();
    app.close();
    await endsInTime(server.shutdown());
  }
}

/** One machine needs no secret of its operator: its runner registers with a token that lives as long as this process. */
function developmentSettings(settings: Settings): Settings {
  const examples = new URL("../examples/packages", import.meta.url).pathname;
  return {
    ...settings,
    runnerToken: settings.runnerToken ?? crypto.randomUUID(),
    packageTrees: settings.packageTrees ?? examples,
  };
}

function listen(
  { host, port }: Settings,
  app: App,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { hostname: host, port, onListen: () => {} },
      app.fetch,
    );
  } catch (error) {
    throw listenFault(host, port, error);
  }
}

async function accepts(
  { app }: Booted,
  { token, authKey, user, password }: StartCredentials,
): Promise<boolean> {
  const ask = (headers: HeadersInit) =>
    app.fetch(new Request("http://localhost/v1/whoami", { headers }));
  const answers = [
    await ask({ authorization: `Bearer ${token}` }),
    await ask({ "auth-key": authKey }),
    await ask({ authorization: `Basic ${btoa(`${user}:${password}`)}` }),
  ];
  return answers.every((answer) => answer.ok);
}

if (import.meta.main) {
  await runScript(help, main);
  // Signal listeners and stalled clients would keep the process alive.
  Deno.exit();
}
