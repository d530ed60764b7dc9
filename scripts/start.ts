/**
 * `deno task start`: a whole Slipway on this machine, for development. It
 * migrates the store, serves, runs one runner beside the server, and prints
 * what to type next.
 *
 * @module
 */
import { boot, type Booted } from "../boot.ts";
import { jsonLog } from "../core/log.ts";
import type { Settings } from "../core/settings.ts";
import { findSigningKey } from "../plugins/auth/bearer/signing_key_file.ts";
import { systemCommands } from "../plugins/backends/autopkgtest/system_command.ts";
import { importExamples } from "./import_examples.ts";
import { nextSteps } from "./next_steps.ts";
import { print, readArguments, runScript, tell, UsageError } from "./script.ts";
import {
  type StartCredentials,
  startCredentials,
} from "./start_credentials.ts";
import { chooseExecutors, runBeside } from "./start_runner.ts";
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
  const { autopkgtest, dpkgSource } = systemCommands;
  const commands = [autopkgtest, dpkgSource];
  await ensureSystemPackages({ allowInstall, log: tell, commands });

  using store = await openStore();
  const settings = developmentSettings(store.settings);
  await importExamples(store);
  const booted = boot({
    ...settings,
    signingKey: await findSigningKey(settings),
  }, jsonLog(Date.now, tell));
  const server = listen(settings, booted);
  const url = settings.publicUrl ??
    `http://${settings.host}:${server.addr.port}`;
  const executors = await chooseExecutors(settings, tell);
  const runner = runBeside({ url, executors, settings });
  const credentials = await startCredentials(
    store,
    (kept) => accepts(booted, kept),
  );
  print(nextSteps({ url, executors, ...credentials }));

  await untilSignal();
  tell("Stopping: the runner ends its work, then the server ends");
  await runner.stop();
  booted.app.close();
  await server.shutdown();
  booted.release();
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
  settings: Settings,
  { app, release }: Booted,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({
      hostname: settings.host,
      port: settings.port,
      onListen: () => {},
    }, app.fetch);
  } catch (error) {
    release();
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new Error(
      `Cannot start: ${settings.host}:${settings.port} is in use; set PORT to another one`,
      { cause: error },
    );
  }
}

async function accepts(
  { app }: Booted,
  { token, authKey }: StartCredentials,
): Promise<boolean> {
  const ask = (headers: HeadersInit) =>
    app.fetch(new Request("http://localhost/v1/whoami", { headers }));
  const answers = [
    await ask({ authorization: `Bearer ${token}` }),
    await ask({ "auth-key": authKey }),
  ];
  return answers.every((answer) => answer.ok);
}

function untilSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => resolve());
  }
  return promise;
}

if (import.meta.main) {
  await runScript(help, main);
  // Signal listeners would keep the process alive.
  Deno.exit();
}
