/**
 * Reads what a test may have had its hands on. A link is not followed and a
 * pipe or device never opened: the one would be a file of this machine, the
 * others may have no end.
 * @module
 */

/** The size of a regular file in bytes; null when there is none of that name. */
export async function plainFileBytes(path: string): Promise<number | null> {
  try {
    const { isFile, size } = await Deno.lstat(path);
    return isFile ? size : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The first bytes of a regular file; null when there is none of that name. */
export async function readPlainFile(
  path: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const sizeBytes = await plainFileBytes(path);
  if (sizeBytes === null) return null;
  using file = await Deno.open(path);
  const bytes = new Uint8Array(Math.min(sizeBytes, maxBytes));
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** Whether there is a folder of that name, and not a link to one. */
export async function isPlainFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
