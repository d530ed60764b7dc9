import { assertEquals, assertRejects } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { readBytes, readText, unstalled } from "./body.ts";

function request(body: BodyInit, headers: HeadersInit = {}): Request {
  return new Request("http://slipway.test", { method: "POST", body, headers });
}

/** A body without end, which says how much of it was read. */
function endless() {
  let readBytes = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      readBytes += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  return { stream, readBytes: () => readBytes };
}

Deno.test("readText() reads a body with and without Content-Length", async () => {
  assertEquals(await readText(request("schön"), 100), "schön");
  assertEquals(
    await readText(request("schön", { "content-length": "6" }), 100),
    "schön",
  );
  assertEquals(await readText(new Request("http://slipway.test"), 100), "");
});

Deno.test("readBytes() refuses a body that is announced as too large, without reading it", async () => {
  const { stream, readBytes: count } = endless();
  const error = await assertRejects(
    () => readBytes(request(stream, { "content-length": "1000000" }), 5_000),
    ApiError,
    "larger than 5000 bytes",
  );
  assertEquals([error.code, count() <= 1000], ["too_large", true]);
});

Deno.test("readBytes() stops reading a body that turns out too large", async () => {
  const { stream, readBytes: count } = endless();
  await assertRejects(() => readBytes(request(stream), 5_000), ApiError);
  assertEquals(count() <= 10_000, true, `${count()} bytes were read`);
});

Deno.test("readText() refuses what is not UTF-8", async () => {
  await assertRejects(
    () => readText(request(new Uint8Array([0xff, 0xfe])), 10),
    ApiError,
    "not valid UTF-8",
  );
});

Deno.test("a body that breaks off is the client's fault", async () => {
  for (const headers of [{}, { "content-length": "100" }]) {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError("gone")),
    });
    const error = await assertRejects(
      () => readBytes(request(broken, headers), 1000),
      ApiError,
      "broke off",
    );
    assertEquals(error.code, "invalid");
  }
});

/** One byte, and then nothing more; says whether somebody still waits for it. */
function stalling() {
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel() {
      isCancelled = true;
    },
  });
  return { stream, isCancelled: () => isCancelled };
}

Deno.test("a body that does not come to its end is given up", async () => {
  for (const headers of [{}, { "content-length": "100" }]) {
    const { stream, isCancelled } = stalling();
    const error = await assertRejects(
      () => readBytes(request(stream, headers), 1000, 20),
      ApiError,
      "within 0.02 s",
    );
    assertEquals([error.status, error.code], [408, "too_slow"]);
    if (!("content-length" in headers)) assertEquals(isCancelled(), true);
  }
});

Deno.test("a body that drips is given up though it never stalls", async () => {
  let timer: ReturnType<typeof setInterval> | undefined;
  const dripping = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array(1)), 5);
    },
    cancel: () => clearInterval(timer),
  });
  await assertRejects(
    () => readBytes(request(dripping), 1_000_000, 50),
    ApiError,
    "within 0.05 s",
  );
});

Deno.test("a file may take long, but not stall", async () => {
  const { stream, isCancelled } = stalling();
  await assertRejects(
    () => new Response(unstalled(stream, 20)).arrayBuffer(),
    ApiError,
  );
  assertEquals(isCancelled(), true);
  const whole = new Blob([new Uint8Array(200_000)]).stream();
  const bytes = await new Response(unstalled(whole, 20)).arrayBuffer();
  assertEquals(bytes.byteLength, 200_000);
});

Deno.test("who sends a body drop by drop is answered 408", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      try {
        await readBytes(request, 1000, 100);
        return new Response("read");
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return new Response(error.message, {
          status: error.status,
          headers: error.options.headers ?? {},
        });
      }
    },
  );
  for (const framing of ["content-length: 100", "transfer-encoding: chunked"]) {
    using connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.addr.port,
    });
    const send = (text: string) =>
      connection.write(new TextEncoder().encode(text));
    await send(`POST / HTTP/1.1\r\nhost: x\r\n${framing}\r\n\r\n1\r\n`);
    const bytes = new Uint8Array(10_000);
    const count = await connection.read(bytes) ?? 0;
    const text = new TextDecoder().decode(bytes.subarray(0, count));
    assertEquals(text.startsWith("HTTP/1.1 408 "), true, text);
  }
});
