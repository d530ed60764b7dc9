import { gunzipSync } from "node:zlib";

/** The largest text that is read; the largest known one is an eighth of it. */
const maxTextBytes = 16 * 1024 * 1024;

/**
 * Reads a file of job configuration, which may be compressed with gzip
 * whatever its name. For scripts: it reads this machine's disk, never more of
 * it than a text may be long.
 *
 * @throws Error whose message is the reason why the file cannot be used.
 */
export async function readJobText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const plain = isCompressed ? decompress(bytes) : bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch {
    throw new Error("it is not UTF-8 text");
  }
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { size, isFile } = await Deno.stat(path);
  if (size > maxTextBytes) throw tooLarge();
  return isFile ? await Deno.readFile(path) : await readStream(path);
}

/** What is no file, such as a pipe, has no size to look at first. */
async function readStream(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { readable } = await Deno.open(path);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of readable) {
    size += chunk.length;
    if (size > maxTextBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function decompress(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxTextBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new Error("it is compressed with gzip, but broken", { cause: error });
  }
}

function tooLarge(): Error {
  return new Error(`it is larger than ${maxTextBytes} bytes`);
}
