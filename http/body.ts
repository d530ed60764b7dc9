import type { Context } from "hono";
import { ApiError } from "../core/error.ts";

/**
 * Reads a request's body, counting while it streams, so that neither a missing
 * nor a false Content-Length gets more than the limit into memory.
 *
 * @throws ApiError `too_large` as soon as the limit is passed.
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new ApiError(
      "too_large",
      `Cannot read the request: its body is larger than ${maxBytes} bytes`,
    );
  const announced = Number(request.headers.get("content-length") ?? NaN);
  if (announced > maxBytes) throw tooLarge();
  // HTTP's framing holds an announced length; one read costs less than many.
  if (announced <= maxBytes) {
    const bytes = await readWhole(request);
    if (bytes.byteLength > maxBytes) throw tooLarge();
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of unbroken(request.body)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/**
 * Reads a request's body ahead of its route, which reads the same bytes again.
 *
 * @throws ApiError `too_large` as soon as the limit is passed.
 */
export async function readInto(
  c: Context,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { method, raw } = c.req;
  const body = await readBytes(raw, maxBytes);
  if (raw.body === null) return body;
  const { url, headers, signal } = raw;
  c.req.raw = new Request(url, { method, headers, body, signal });
  return body;
}

/** A client that goes away in the middle is no fault of the server. */
function brokenOff(cause: unknown): ApiError {
  return new ApiError(
    "invalid",
    "Cannot read the request: its body broke off",
    { cause },
  );
}

async function readWhole(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch (error) {
    throw brokenOff(error);
  }
}

async function* unbroken(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch (error) {
    throw brokenOff(error);
  }
}

/**
 * Reads a body as UTF-8 text.
 *
 * @throws ApiError `too_large`, or `invalid` when it is not UTF-8.
 */
export async function readText(
  request: Request,
  maxBytes: number,
): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError(
      "invalid",
      "Cannot read the request: its body is not valid UTF-8",
    );
  }
}
