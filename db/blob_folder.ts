import type { BlobInfo, BlobStore } from "../core/blob.ts";
import { ApiError } from "../core/error.ts";

/** Others on the machine have no business with what runs leave behind. */
const folderMode = 0o700;

/** A file that nobody has written to for so long belongs to an upload that a crash broke off. */
const abandonedMs = 3_600_000;

/**
 * Blobs as files of a folder, `ab/abcdef…` by their SHA-256. A blob appears
 * under its name only when it is whole, so a crash leaves no half one behind.
 */
export function openBlobFolder(directory: string): BlobStore {
  return {
    put: (body, options) => put(directory, body, options),
    get: (sha256, range) => get(blobPath(directory, sha256), range),
  };
}

/**
 * Removes what crashes have left of uploads. Another server may be taking
 * uploads into the same folder: what was written to within the hour stays.
 */
export function clearIncoming(directory: string, now: number): void {
  for (const name of filesOf(`${directory}/incoming`)) {
    const path = `${directory}/incoming/${name}`;
    const { mtime } = Deno.statSync(path);
    if (now - (mtime?.getTime() ?? now) > abandonedMs) Deno.removeSync(path);
  }
}

function filesOf(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].flatMap(({ isFile, name }) =>
      isFile ? [name] : []
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: folderMode });
}

async function put(
  directory: string,
  body: ReadableStream<Uint8Array>,
  options: { maxBytes: number; sha256?: string },
): Promise<BlobInfo> {
  await makeFolder(`${directory}/incoming`);
  const draft = await Deno.makeTempFile({ dir: `${directory}/incoming` });
  try {
    const info = await write(draft, body, options.maxBytes);
    if (options.sha256 !== undefined && options.sha256 !== info.sha256) {
      throw new ApiError(
        "conflict",
        `Cannot store the bytes: their SHA-256 is ${info.sha256}, not ${options.sha256} as announced`,
      );
    }
    const path = blobPath(directory, info.sha256);
    await makeFolder(path.slice(0, path.lastIndexOf("/")));
    await Deno.rename(draft, path);
    return info;
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

/** Hashing is incremental, which WebCrypto is not; the folder exists only where Node's modules do. */
async function write(
  path: string,
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<BlobInfo> {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256");
  let sizeBytes = 0;
  using file = await Deno.open(path, { write: true });
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      throw new ApiError(
        "too_large",
        `Cannot store the bytes: they are more than ${maxBytes}`,
      );
    }
    hash.update(chunk);
    for (let rest = chunk; rest.byteLength > 0;) {
      rest = rest.subarray(await file.write(rest));
    }
  }
  await file.sync();
  return { sizeBytes, sha256: hash.digest("hex") };
}

async function get(
  path: string,
  range?: { start: number; end: number },
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  if (range === undefined) return file.readable;
  await file.seek(range.start, Deno.SeekMode.Start);
  return file.readable.pipeThrough(takeBytes(range.end - range.start));
}

function takeBytes(count: number): TransformStream<
  Uint8Array<ArrayBuffer>,
  Uint8Array<ArrayBuffer>
> {
  let left = count;
  return new TransformStream({
    transform(chunk, controller) {
      const part = chunk.subarray(0, left);
      left -= part.byteLength;
      if (part.byteLength > 0) controller.enqueue(part);
      if (left === 0) controller.terminate();
    },
  });
}

function blobPath(directory: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new RangeError(`Cannot name a blob: ${sha256} is no SHA-256`);
  }
  return `${directory}/${sha256.slice(0, 2)}/${sha256}`;
}
