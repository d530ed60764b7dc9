import type { BlobStore } from "./core/blob.ts";
import { jsonLog, type Log } from "./core/log.ts";
import type { Database } from "./core/database.ts";
import { localUrl, type Settings } from "./core/settings.ts";
import { clearIncoming, openBlobFolder } from "./db/blob_folder.ts";
import { databaseFile, openDatabase } from "./db/open.ts";
import { lockForServer } from "./db/server_lock.ts";
import { type App, createApp } from "./routes/app.ts";
import configure from "./slipway.config.ts";
import { dataFault } from "./start_fault.ts";

/** A server's app and what it holds. */
export type Booted = { readonly app: App; release(): void };

/** What a boot may be told. */
export type BootOptions = {
  readonly log?: Log;
  /** Where the server will be, as others are told who are refused its file; null when that is not known yet. */
  readonly url?: string | null;
};

/**
 * Opens the store that the settings name and puts the app on it. An embedded
 * file is locked for this process first.
 *
 * @throws Error when another server has the file or it cannot be used, TypeError when a plugin's options are faulty.
 */
export function boot(settings: Settings, options: BootOptions = {}): Booted {
  const { log = jsonLog(Date.now, writeLine) } = options;
  const file = databaseFile(settings.databaseUrl);
  const { url = localUrl(settings.host, settings.port) } = options;
  const self = { pid: globalThis.Deno?.pid ?? 0, url };
  const lock = file === null ? null : lockForServer(file, self);
  try {
    const database = open(settings, file);
    const app = createApp({
      plugins: configure(settings),
      database,
      blobs: openBlobs(settings, log),
      publicUrl: settings.publicUrl,
      runnerToken: settings.runnerToken,
      proxies: settings.proxies,
      now: Date.now,
      fetch: globalThis.fetch,
      log,
    });
    const release = () => {
      app.close();
      database.close();
      lock?.release();
    };
    return { app, release };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function open(settings: Settings, file: string | null): Database {
  try {
    return openDatabase(settings);
  } catch (error) {
    throw file === null ? error : dataFault(file, error);
  }
}

/** At the edge there are no folders. */
function openBlobs(settings: Settings, log: Log): BlobStore | undefined {
  if (globalThis.Deno === undefined) return undefined;
  const directory = `${settings.dataDirectory}/blobs`;
  try {
    clearIncoming(directory, Date.now());
  } catch (error) {
    log("warn", "Cannot clear what a crash left of uploads", {
      cause: String(error),
    });
  }
  return openBlobFolder(directory);
}

/** Operators collect what a server says from its standard error, on every runtime. */
function writeLine(line: string): void {
  // deno-lint-ignore no-console -- the one way to write that every runtime has
  console.error(line);
}
