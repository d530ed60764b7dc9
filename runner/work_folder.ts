import type { Log } from "../core/log.ts";

/** Makes a fresh folder for one attempt, below the system's temporary folder. */
export function makeWorkFolder(): Promise<string> {
  return Deno.makeTempDir({ prefix: "slipway-" });
}

/** Removes an attempt's folder, whatever permissions the work has left in it. A failure is reported, not thrown. */
export async function removeWorkFolder(
  directory: string,
  log: Log,
): Promise<void> {
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
