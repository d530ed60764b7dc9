import { jsonLog, type Log } from "./core/log.ts";
import type { Settings } from "./core/settings.ts";
import { openBlobFolder } from "./db/blob_folder.ts";
import { databaseFile, openDatabase } from "./db/open.ts";
import { lockForServer } from "./db/server_lock.ts";
import { type App, createApp } from "./routes/app.ts";
import configure from "./slipway.config.ts";

/** A server's app and what it holds. */
export type Booted = { readonly app: App; release(): void };

/**
 * Opens the store that the settings name and puts the app on it. An embedded
 * file is locked for this process first.
 *
 * @throws Error when another server has the file, TypeError when a plugin's options are faulty.
 */
export function boot(
  settings: Settings,
  log: Log = jsonLog(Date.now, writeLine),
): Booted {
  const file = databaseFile(settings.databaseUrl);
  const lock = file === null ? null : lockForServer(file, {
    pid: globalThis.Deno.pid,
    url: `http://${settings.host}:${settings.port}`,
  });
  const database = openDatabase(settings);
  const app = createApp({
    plugins: configure(settings),
    database,
    // At the edge there are no folders.
    blobs: globalThis.Deno === undefined
      ? undefined
      : openBlobFolder(`${settings.dataDirectory}/blobs`),
    publicUrl: settings.publicUrl,
    runnerToken: settings.runnerToken,
    now: Date.now,
    fetch: globalThis.fetch,
    log,
  });
  return {
    app,
    release() {
      app.close();
      database.close();
      lock?.release();
    },
  };
}

/** Operators collect what a server says from its standard error, on every runtime. */
function writeLine(line: string): void {
  // deno-lint-ignore no-console -- the one way to write that every runtime has
  console.error(line);
}
