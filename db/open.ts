import type { Database } from "../core/database.ts";
import type { Settings } from "../core/settings.ts";
import { openEmbedded } from "./embedded.ts";
import { openRemote } from "./remote.ts";

/** The file of an embedded database, or null when the URL names a server. */
export function databaseFile(databaseUrl: string): string | null {
  if (!databaseUrl.startsWith("file:")) return null;
  return decodeURIComponent(
    databaseUrl.slice("file:".length).replace(/^\/\/(?=\/)/, ""),
  );
}

/** Opens the database that the settings name: embedded for `file:`, else remote. */
export function openDatabase(
  settings: Pick<Settings, "databaseUrl" | "databaseAuthToken">,
): Database {
  const file = databaseFile(settings.databaseUrl);
  if (file !== null) return openEmbedded(file);
  return openRemote({
    url: settings.databaseUrl,
    authToken: settings.databaseAuthToken,
  });
}
