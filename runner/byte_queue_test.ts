import { assertEquals } from "@std/assert";
import { ByteQueue } from "./byte_queue.ts";

function queueOf(...chunks: readonly (readonly number[])[]): ByteQueue {
  const queue = new ByteQueue();
  for (const chunk of chunks) queue.push(new Uint8Array(chunk));
  return queue;
}

Deno.test("peek() joins chunks, and leaves them in the queue", () => {
  const queue = queueOf([1, 2], [], [3, 4, 5]);
  assertEquals([...queue.peek(4)], [1, 2, 3, 4]);
  assertEquals([...queue.peek(99)], [1, 2, 3, 4, 5]);
  assertEquals(queue.sizeBytes, 5);
});

Deno.test("drop() forgets the first bytes, across chunks and within one", () => {
  const queue = queueOf([1, 2], [3, 4, 5], [6]);
  queue.drop(3);
  assertEquals([...queue.peek(99)], [4, 5, 6]);
  queue.drop(2);
  assertEquals([...queue.peek(99)], [6]);
  queue.drop(99);
  assertEquals(queue.sizeBytes, 0);
  queue.push(new Uint8Array([7]));
  assertEquals([...queue.peek(99)], [7]);
});

Deno.test("unshift() puts bytes first", () => {
  const queue = queueOf([2]);
  queue.unshift(new Uint8Array([1]));
  assertEquals([...queue.peek(99)], [1, 2]);
});

Deno.test("push() keeps a copy", () => {
  const bytes = new Uint8Array([1]);
  const queue = new ByteQueue();
  queue.push(bytes);
  bytes[0] = 9;
  assertEquals([...queue.peek(1)], [1]);
});
