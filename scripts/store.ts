import { readSettings, type Settings } from "../core/settings.ts";
import type { Database } from "../core/database.ts";
import { AccountStore } from "../db/account_store.ts";
import { migrate } from "../db/migrate.ts";
import { databaseFile, openDatabase } from "../db/open.ts";
import { migrationSources, type Plugins } from "../routes/app.ts";
import configure from "../slipway.config.ts";

/** The store that the environment names, as scripts use it. */
export type ScriptStore = Disposable & {
  readonly settings: Settings;
  readonly plugins: Plugins;
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly now: () => number;
  /** Names of the migrations that opening it applied. */
  readonly migrated: readonly string[];
};

/**
 * Opens the store that the environment names, makes it when it is new and
 * brings it to this version's schema. A server may be running on it.
 *
 * @throws TypeError when a setting or a plugin's option is faulty.
 */
export async function openStore(): Promise<ScriptStore> {
  const settings = readSettings(Deno.env.toObject());
  const plugins = configure(settings);
  const faults = [...plugins.auth, ...plugins.backends].flatMap((plugin) =>
    plugin.faults
  );
  if (faults.length > 0) throw new TypeError(faults.join("\n"));
  await makeFolders(settings);
  const now = Date.now;
  const database = openDatabase(settings);
  try {
    const migrated = await migrate(database, migrationSources(plugins), now);
    return {
      settings,
      plugins,
      database,
      accounts: new AccountStore(database, now),
      now,
      migrated,
      [Symbol.dispose]: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function makeFolders(settings: Settings): Promise<void> {
  const file = databaseFile(settings.databaseUrl);
  if (file === null) return;
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  for (const path of [settings.dataDirectory, folder]) {
    if (path !== "") await Deno.mkdir(path, { recursive: true });
  }
}
