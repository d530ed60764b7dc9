import { assertEquals } from "@std/assert";
import { eventStream, type ServerSentEvent } from "./event_stream.ts";

async function* two(): AsyncGenerator<ServerSentEvent> {
  yield { event: "a", id: "1", data: "x" };
  await Promise.resolve();
  yield { event: "b", id: "2", data: "y\nz" };
}

Deno.test("eventStream() writes each event with its id, a data line for each line, and ends", async () => {
  assertEquals(
    await eventStream(two).text(),
    "id: 1\nevent: a\ndata: x\n\nid: 2\nevent: b\ndata: y\ndata: z\n\n",
  );
});

Deno.test("a reader that goes away ends the source", async () => {
  const source = two();
  const reader = eventStream(() => source).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  assertEquals(await source.next(), { value: undefined, done: true });
});

Deno.test("a reader that goes away while nothing happens ends a source that waits", async () => {
  const waits = Promise.withResolvers<void>();
  let isOver = false;
  async function* waiting(gone: AbortSignal): AsyncGenerator<ServerSentEvent> {
    yield { event: "a", id: "1", data: "x" };
    waits.resolve();
    await new Promise<void>((resolve) =>
      gone.addEventListener("abort", () => resolve(), { once: true })
    );
    isOver = true;
  }
  const reader = eventStream(waiting).body?.getReader();
  await reader?.read();
  const pending = reader?.read();
  await waits.promise;
  await reader?.cancel();
  assertEquals((await pending)?.done, true);
  assertEquals(isOver, true);
});

Deno.test("a stream that nobody reads asks its source for nothing", async () => {
  let isAsked = false;
  async function* asked(): AsyncGenerator<ServerSentEvent> {
    isAsked = true;
    yield* two();
  }
  const { body } = eventStream(asked);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await body?.cancel();
  assertEquals(isAsked, false);
});

// The sanitizers would find the timer.
Deno.test("a stream that nobody reads leaves no timer behind", async () => {
  eventStream(two);
  await Promise.resolve();
});

Deno.test("a source that fails breaks the stream off", async () => {
  // deno-lint-ignore require-yield -- it fails first
  async function* failing(): AsyncGenerator<ServerSentEvent> {
    await Promise.resolve();
    throw new Error("gone");
  }
  const text = await eventStream(failing).text().catch(String);
  assertEquals(text, "Error: gone");
});
