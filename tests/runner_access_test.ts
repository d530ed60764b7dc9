import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

/** A body without end, which says how much of it was read. */
function endless() {
  let readBytes = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      readBytes += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  }, { highWaterMark: 0 });
  return { stream, readBytes: () => readBytes };
}

function register(test: TestApp, token: string | null, body: BodyInit) {
  return test.request("/runner/v1/register", {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
}

Deno.test("a stranger's body is not read", async () => {
  await using test = await startTestApp([dummy()]);
  for (const token of [null, "wrong"]) {
    const { stream, readBytes } = endless();
    const response = await register(test, token, stream);
    await response.body?.cancel();
    assertEquals([response.status, readBytes()], [401, 0]);
    await stream.cancel();
  }
});

Deno.test("a runner's JSON over 1 MiB is a 413 while it streams", async () => {
  await using test = await startTestApp([dummy()]);
  const { stream, readBytes } = endless();
  const response = await register(test, runnerToken, stream);
  assertEquals(response.status, 413);
  assertStringIncludes(await response.text(), "larger than 1048576 bytes");
  assert(readBytes() < 2 * 1024 * 1024, `${readBytes()} bytes were read`);
});
