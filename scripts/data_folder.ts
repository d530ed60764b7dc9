import type { Settings } from "../core/settings.ts";
import { databaseFile } from "../db/open.ts";
import { dataFault } from "../start_fault.ts";

/**
 * Makes the folders of the data and the database, for this user alone. Returns
 * what an operator should know about those that are there and open to others.
 *
 * @throws Error that names the folder when it cannot be made.
 */
export async function makeDataFolders(settings: Settings): Promise<string[]> {
  const file = databaseFile(settings.databaseUrl);
  if (file === null) return [];
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const notices: string[] = [];
  for (const path of new Set([settings.dataDirectory, folder || "."])) {
    try {
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw dataFault(path, error);
    }
  }
  const notice = await close(settings.dataDirectory);
  if (notice !== null) notices.push(notice);
  return notices;
}

/**
 * Closes a folder that an earlier version made for everybody to read. One whose
 * mode somebody has thought about, and one that holds nothing of Slipway's, is
 * its operator's: that one is only told of.
 */
async function close(path: string): Promise<string | null> {
  const mode = ((await Deno.stat(path)).mode ?? 0) & 0o7777;
  if ((mode & 0o077) === 0) return null;
  const shown = mode.toString(8).padStart(4, "0");
  if (mode === 0o755 && await isFile(`${path}/slipway.db`)) {
    try {
      await Deno.chmod(path, 0o700);
      return `Other users can no longer read ${path}: its mode was ${shown} and is 0700 now`;
    } catch {
      // Somebody else's folder.
    }
  }
  return `Other users can look into ${path} (mode ${shown}); if that is not meant to be: chmod 700 ${path}`;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
