import type { Context } from "hono";
import { ApiError } from "../core/error.ts";

/** A body that is not here by then is not waited for: whoever sends so slowly holds a connection, and means to. */
const bodyTimeoutMs = 60_000;

/**
 * Reads a request's body, counting while it streams, so that neither a missing
 * nor a false Content-Length gets more than the limit into memory.
 *
 * @throws ApiError `too_large` as soon as the limit is passed, `too_slow` after `timeoutMs`.
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
  timeoutMs: number = bodyTimeoutMs,
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
    const bytes = await inTime(readWhole(request), timeoutMs);
    if (bytes.byteLength > maxBytes) throw tooLarge();
    return bytes;
  }
  return request.body === null
    ? new Uint8Array()
    : await readCounted(request.body, maxBytes, timeoutMs, tooLarge);
}

async function readCounted(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  timeoutMs: number,
  tooLarge: () => ApiError,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const readAll = async () => {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (let size = 0;;) {
      const { value } = await reader.read().catch((error) => {
        throw brokenOff(error);
      });
      if (value === undefined) return chunks;
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(new Uint8Array(value));
    }
  };
  try {
    const chunks = await inTime(readAll(), timeoutMs);
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
}

/** What a promise brings, but not later than that. */
async function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooSlow(timeoutMs)), timeoutMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(timeoutMs: number): ApiError {
  return new ApiError(
    "too_slow",
    `Cannot read the request: its body was not here within ${
      timeoutMs / 1000
    } s; send it again, faster or in smaller pieces`,
  );
}

/** A body of any size that may take as long as it likes, but not fall silent for so long. */
export function unstalled(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  timeoutMs: number = bodyTimeoutMs,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value } = await inTime(reader.read(), timeoutMs);
        if (value === undefined) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        await reader.cancel().catch(() => {});
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
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
