import type { Log } from "../core/log.ts";

const prefix = "slipway-work-";

/** A folder of one attempt. */
export type WorkFolder = {
  readonly path: string;
  /** Removes it, whatever permissions the work has left in it. A failure is reported, not thrown. */
  remove(log: Log): Promise<void>;
};

/**
 * Makes a fresh folder for one attempt, below the system's temporary folder. It
 * is locked as long as this process lives: so the leftovers of a dead runner
 * can be told from the folders of a living one, even of another container.
 */
export async function makeWorkFolder(): Promise<WorkFolder> {
  for (;;) {
    const path = await Deno.makeTempDir({ prefix });
    const lock = await lockFolder(path);
    if (lock === null) continue;
    return {
      path,
      async remove(log) {
        await removeFolder(path, log);
        lock.close();
      },
    };
  }
}

/** Null when a starting runner took the folder for a leftover before it was locked. */
async function lockFolder(path: string): Promise<Deno.FsFile | null> {
  const lock = await open(path);
  if (lock === null) return null;
  if (await lock.tryLock(true) && await exists(path)) return lock;
  lock.close();
  return null;
}

/** Removes the work folders of this user's runners that were killed. */
export async function clearWorkFolders(
  log: Log,
  temporary: string = Deno.env.get("TMPDIR") || "/tmp",
): Promise<void> {
  try {
    for await (const { isDirectory, name } of Deno.readDir(temporary)) {
      if (!isDirectory || !name.startsWith(prefix)) continue;
      await clearLeftover(`${temporary}/${name}`, log);
    }
  } catch (error) {
    log("warn", `Cannot clear ${temporary} of work folders: ${error}`);
  }
}

async function clearLeftover(path: string, log: Log): Promise<void> {
  using lock = await open(path);
  if (lock === null || (await lock.stat()).uid !== Deno.uid()) return;
  if (!await lock.tryLock(true)) return;
  log("info", `Removing ${path}, which a runner that was killed has left`);
  await removeFolder(path, log);
}

/** Null when it is gone, or closed to this user. */
async function open(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied
    ) return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function removeFolder(directory: string, log: Log): Promise<void> {
  try {
    await Deno.remove(directory, { recursive: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    await makeWritable(directory);
    await Deno.remove(directory, { recursive: true }).catch((again) =>
      log("warn", `Cannot remove the work folder ${directory}: ${again}`)
    );
  }
}

/** Go's module cache, for one, is made of read-only folders. */
async function makeWritable(directory: string): Promise<void> {
  try {
    const info = await Deno.lstat(directory);
    if (!info.isDirectory) return;
    await Deno.chmod(directory, 0o700);
    for await (const entry of Deno.readDir(directory)) {
      if (entry.isDirectory) await makeWritable(`${directory}/${entry.name}`);
    }
  } catch {
    // Another user's: the removal reports it.
  }
}
