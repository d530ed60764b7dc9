import { operator } from "../core/audit.ts";
import { readSettings, type Settings } from "../core/settings.ts";
import type { Database } from "../core/database.ts";
import { AccountStore } from "../db/account_store.ts";
import { AuditStore } from "../db/audit_store.ts";
import { migrate, schemaFault, schemaState } from "../db/migrate.ts";
import { databaseFile, openDatabase } from "../db/open.ts";
import { dataFault } from "../start_fault.ts";
import { makeDataFolders } from "./data_folder.ts";
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
  /** What its operator should know about the data folder. */
  readonly notices: readonly string[];
};

/**
 * Opens the store that the environment names, makes it when it is new and
 * brings it to this version's schema. A server may be running on it.
 *
 * @throws TypeError when a setting or a plugin's option is faulty.
 * @throws Error that names the folder or file which cannot be used.
 */
export async function openStore(): Promise<ScriptStore> {
  const { settings, plugins } = readConfiguration();
  const notices = await makeDataFolders(settings);
  const now = Date.now;
  const database = open(settings);
  try {
    const migrated = await migrate(database, migrationSources(plugins), now);
    return {
      settings,
      plugins,
      database,
      accounts: new AccountStore(database, now),
      now,
      migrated,
      notices,
      [Symbol.dispose]: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Leaves a line in the audit for what a script has changed: done by `operator`,
 * with the user's name on this machine. `targets` are ids, and names of accounts
 * such as `user:alice`; never a credential.
 */
export async function audit(
  { database, now }: Pick<ScriptStore, "database" | "now">,
  done: { readonly action: string; readonly targets: readonly string[] },
): Promise<void> {
  await new AuditStore(database, now).record({
    ...done,
    principal: operator,
    via: "script",
    credential: Deno.env.get("SUDO_USER") ?? Deno.env.get("USER") ?? null,
    source: null,
    outcome: "done",
    requestId: null,
  });
}

/**
 * Opens the database that the environment names as it is, for reading:
 * nothing is made and nothing is migrated. Null when there is none yet.
 *
 * @throws TypeError when a setting or a plugin's option is faulty.
 * @throws Error when the database belongs to a newer version.
 */
export async function openUnchanged(): Promise<(Database & Disposable) | null> {
  const { settings, plugins } = readConfiguration();
  const file = databaseFile(settings.databaseUrl);
  if (file !== null && !await exists(file)) return null;
  const database = open(settings);
  try {
    const state = await schemaState(database, migrationSources(plugins));
    const fault = schemaFault(state);
    if (fault !== null) throw new Error(fault);
    return Object.assign(database, {
      [Symbol.dispose]: () => database.close(),
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * What the environment and `slipway.config.ts` say, without touching anything.
 *
 * @throws TypeError when a setting or a plugin's option is faulty.
 */
export function readConfiguration(): { settings: Settings; plugins: Plugins } {
  const settings = readSettings(Deno.env.toObject());
  const plugins = configure(settings);
  const faults = [...plugins.auth, ...plugins.backends].flatMap((plugin) =>
    plugin.faults
  );
  if (faults.length > 0) throw new TypeError(faults.join("\n"));
  return { settings, plugins };
}

function open(settings: Settings): Database {
  try {
    return openDatabase(settings);
  } catch (error) {
    throw dataFault(databaseFile(settings.databaseUrl) ?? "", error);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
