/** One server-sent event. */
export type ServerSentEvent = {
  readonly event: string;
  readonly id: string;
  readonly data: string;
};

/** A comment in the silence keeps proxies from closing the connection. */
const pingMs = 15_000;

/** Answers with server-sent events (WHATWG HTML, 9.2) as they come. A reader that goes away ends the source. */
export function eventStream(source: AsyncGenerator<ServerSentEvent>): Response {
  const encoder = new TextEncoder();
  let coming: Promise<IteratorResult<ServerSentEvent>> | null = null;
  // Everything happens when the reader wants more: one that is never read, as with HEAD, leaves no timer behind.
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      coming ??= source.next();
      const next = await within(coming, pingMs);
      if (next === null) {
        return controller.enqueue(encoder.encode(": still here\n\n"));
      }
      coming = null;
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(write(next.value)));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
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
