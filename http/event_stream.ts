/** One server-sent event. */
export type ServerSentEvent = {
  readonly event: string;
  readonly id: string;
  readonly data: string;
};

/** A comment in the silence keeps proxies from closing the connection. */
const pingMs = 15_000;

/**
 * Answers with server-sent events (WHATWG HTML, 9.2) as they come. `follow`
 * gets a signal that fires when the reader has gone: a source that waits for
 * something must end then, since the end of a generator waits for its next value.
 */
export function eventStream(
  follow: (gone: AbortSignal) => AsyncGenerator<ServerSentEvent>,
): Response {
  const encoder = new TextEncoder();
  const leaving = new AbortController();
  const source = follow(leaving.signal);
  let coming: Promise<IteratorResult<ServerSentEvent>> | null = null;
  // Everything happens when the reader wants more: one that is never read, as with HEAD, leaves nothing behind.
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      coming ??= source.next();
      const next = await within(coming, pingMs);
      if (leaving.signal.aborted) return;
      if (next === null) {
        return controller.enqueue(encoder.encode(": still here\n\n"));
      }
      coming = null;
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(write(next.value)));
    },
    async cancel() {
      leaving.abort();
      await source.return(undefined);
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}

/** What a promise gives within a time, else null. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function write({ event, id, data }: ServerSentEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `id: ${id}\nevent: ${event}\n${lines.join("")}\n`;
}
