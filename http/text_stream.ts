/**
 * Text as a body, made as fast as it is read. The first piece is made before
 * the answer begins, so that what fails at once is an answer of its own.
 */
export async function textStream(
  pieces: AsyncGenerator<string>,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  return streamFrom(pieces, [await pieces.next()]);
}

/** As `textStream`; what is of one piece stays a text, whose length is known. */
export async function textBody(
  pieces: AsyncGenerator<string>,
): Promise<string | ReadableStream<Uint8Array<ArrayBuffer>>> {
  const first = await pieces.next();
  if (first.done) return "";
  const second = await pieces.next();
  return second.done ? first.value : streamFrom(pieces, [first, second]);
}

function streamFrom(
  pieces: AsyncGenerator<string>,
  begun: IteratorResult<string>[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = begun.shift() ?? await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
