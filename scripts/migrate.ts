/**
 * `deno task migrate`: brings the database to this version's schema.
 *
 * @module
 */
import { readArguments, runScript, tell, UsageError } from "./script.ts";
import { openStore } from "./store.ts";

const help = `Usage: deno task migrate

Brings the database of DATABASE_URL (or SLIPWAY_DATA) to this version's schema.
Safe to run again, and beside a running server of the same version.`;

async function main(args: readonly string[]): Promise<void> {
  const { words } = readArguments("migrate", args, {});
  if (words.length > 0) {
    throw new UsageError(`Cannot migrate: "${words[0]}" is no option`);
  }
  using store = await openStore();
  store.notices.forEach(tell);
  for (const name of store.migrated) tell(`applied ${name}`);
  tell(
    store.migrated.length === 0
      ? "The database is up to date"
      : "The database was migrated",
  );
}

if (import.meta.main) await runScript(help, main);
