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
  let ping: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      ping = setInterval(() => {
        // A reader that does not keep up needs no ping.
        if ((controller.desiredSize ?? 0) > 0) {
          controller.enqueue(encoder.encode(": still here\n\n"));
        }
      }, pingMs);
    },
    async pull(controller) {
      try {
        const { value, done } = await source.next();
        if (!done) return controller.enqueue(encoder.encode(write(value)));
        clearInterval(ping);
        controller.close();
      } catch (error) {
        clearInterval(ping);
        controller.error(error);
      }
    },
    async cancel() {
      clearInterval(ping);
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

function write({ event, id, data }: ServerSentEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `id: ${id}\nevent: ${event}\n${lines.join("")}\n`;
}
