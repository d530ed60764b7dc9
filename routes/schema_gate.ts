import type { Database } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import {
  type MigrationSource,
  schemaFault,
  schemaState,
} from "../db/migrate.ts";

/** Lets requests through once the schema was seen to be this version's; until then every one looks. */
export function schemaGate(
  database: Database,
  sources: readonly MigrationSource[],
): () => Promise<void> {
  let isCurrent = false;
  return async () => {
    if (isCurrent) return;
    const state = await schemaState(database, sources);
    if (state.kind !== "current") {
      const fault = schemaFault(state) ??
        "Cannot serve: the database is at an older schema; run `deno task migrate`";
      throw new ApiError("unavailable", fault, {
        headers: { "retry-after": "10" },
      });
    }
    isCurrent = true;
  };
}
