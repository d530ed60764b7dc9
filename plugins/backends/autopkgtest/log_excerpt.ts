/** How much of a log is kept, in bytes. */
export type LogLimits = { readonly head: number; readonly tail: number };

/** As debci: of more than 20 MB the first and the last 19 (wire 3.2). */
export const logLimits: LogLimits = {
  head: 1024 ** 2,
  tail: 19 * 1024 ** 2,
};

const pieceBytes = 64 * 1024;

/** Writes a log, compressed with gzip, and of a long one the beginning and the end with a line between. */
export async function compressLog(
  from: string,
  to: string,
  limits: LogLimits = logLimits,
): Promise<void> {
  using file = await Deno.open(from);
  await ReadableStream.from(excerpt(file, limits))
    .pipeThrough(new CompressionStream("gzip"))
    .pipeTo((await Deno.create(to)).writable);
}

async function* excerpt(
  file: Deno.FsFile,
  { head, tail }: LogLimits,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { size } = await file.stat();
  const left = size - head - tail;
  if (left <= 0) return yield* bytes(file, 0, size);
  yield* bytes(file, 0, head);
  yield new TextEncoder().encode(
    `\n\n[slipway: ${left} bytes of the log are left out here]\n\n`,
  );
  yield* bytes(file, size - tail, size);
}

async function* bytes(
  file: Deno.FsFile,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  await file.seek(start, Deno.SeekMode.Start);
  for (let at = start; at < end;) {
    const piece = new Uint8Array(Math.min(pieceBytes, end - at));
    const count = await file.read(piece);
    if (count === null) return;
    yield piece.subarray(0, count);
    at += count;
  }
}
