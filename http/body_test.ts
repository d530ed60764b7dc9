import { assertEquals, assertRejects } from "@std/assert";
import { ApiError } from "../core/error.ts";
import { readBytes, readText } from "./body.ts";

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
