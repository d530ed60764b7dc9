/**
 * Text as a body, made as fast as it is read. The first piece is made before
 * the answer begins, so that what fails at once is an answer of its own.
 */
export async function textStream(
  pieces: AsyncGenerator<string>,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const encoder = new TextEncoder();
  const first = await pieces.next();
  let piece: IteratorResult<string> | null = first;
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = piece ?? await pieces.next();
      piece = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
