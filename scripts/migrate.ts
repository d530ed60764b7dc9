/**
 * `deno task migrate`: brings the database to this version's schema.
 *
 * @module
 */
import { readSettings } from "../core/settings.ts";
import { migrateDatabase } from "./store.ts";

if (Deno.args.length > 0) {
  console.error(
    "Usage: deno task migrate\n\n" +
      "Brings the database of DATABASE_URL (or SLIPWAY_DATA) to this version's schema.\n" +
      "Safe to run again, and beside a running server of the same version.",
  );
  Deno.exit(Deno.args.includes("--help") ? 0 : 2);
}
const applied = await migrateDatabase(readSettings(Deno.env.toObject()));
for (const name of applied) console.error(`applied ${name}`);
console.error(
  applied.length === 0
    ? "The database is up to date"
    : "The database was migrated",
);
