import { assert, assertEquals, assertMatch } from "@std/assert";
import { startTestApp } from "../../../tests/app.ts";
import autopkgtest from "./mod.ts";

const maxUploadBytes = 100_000;
const form = 'Content-Disposition: form-data; name="tests"; filename="t.json"';
const encoder = new TextEncoder();

/** A server on a port of its own, and an upload to it that has only begun. */
async function upload(headers: Record<string, string>) {
  const app = await startTestApp([autopkgtest({ maxUploadBytes })]);
  const server = Deno.serve({ port: 0, onListen: () => {} }, app.app.fetch);
  const connection = await Deno.connect({ ...server.addr, transport: "tcp" });
  const write = async (text: string) => {
    for (let rest = encoder.encode(text); rest.length > 0;) {
      rest = rest.subarray(await connection.write(rest));
    }
  };
  const lines = Object.entries({
    host: "localhost",
    "content-type": "multipart/form-data; boundary=x",
    ...await app.signIn("alice"),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  await write(
    ["POST /api/v1/test/unstable/amd64 HTTP/1.1", ...lines, "", ""].join(
      "\r\n",
    ),
  );
  return {
    write,
    /** A piece of the body; none of them is the last. */
    writeChunk: (text: string) =>
      write(`${text.length.toString(16)}\r\n${text}\r\n`),
    /** The answer, or nothing when none comes within some seconds. */
    async answer(): Promise<string> {
      const chunk = new Uint8Array(10_000);
      const { promise: late, resolve } = Promise.withResolvers<null>();
      const timer = setTimeout(() => resolve(null), 10_000);
      const count = await Promise.race([connection.read(chunk), late]);
      clearTimeout(timer);
      return new TextDecoder().decode(chunk.subarray(0, count ?? 0));
    },
    stored: () => app.app.store.runs.list({}),
    [Symbol.asyncDispose]: async () => {
      connection.close();
      await server.shutdown();
      await app[Symbol.asyncDispose]();
    },
  };
}

for (const key of [{}, { "idempotency-key": "k1" }]) {
  const withKey = "idempotency-key" in key
    ? ", with an Idempotency-Key too"
    : "";
  Deno.test(`an upload over the limit is a 413 before all of it was sent${withKey}`, async () => {
    await using started = await upload({
      "transfer-encoding": "chunked",
      ...key,
    });
    await started.writeChunk(`--x\r\n${form}\r\n\r\n[`);
    for (let count = 0; count < 11; count++) {
      await started.writeChunk(" ".repeat(10_000));
    }
    const answer = await started.answer();
    assertMatch(answer, /^HTTP\/1\.1 413 /);
    assertMatch(answer, /larger than 100000 bytes/);
    assertEquals(await started.stored(), []);
  });

  Deno.test(`an upload that is announced as too large is a 413 before any of it was sent${withKey}`, async () => {
    await using started = await upload({ "content-length": "100001", ...key });
    assertMatch(await started.answer(), /^HTTP\/1\.1 413 /);
  });
}

Deno.test("an upload up to the limit is taken", async () => {
  const body = (padding: string) =>
    `--x\r\n${form}\r\n\r\n[${padding}{"package":"foo"}]\r\n--x--\r\n`;
  const whole = body(" ".repeat(maxUploadBytes - body("").length));
  await using started = await upload({
    "content-length": String(whole.length),
  });
  await started.write(whole);
  assertMatch(await started.answer(), /^HTTP\/1\.1 201 /);
  assertEquals((await started.stored()).length, 1);
});

Deno.test("ten mebibytes may be uploaded where nothing else is set", async () => {
  await using app = await startTestApp([autopkgtest()]);
  const send = (bytes: number) =>
    app.request("/api/v1/test/unstable/amd64", {
      method: "POST",
      user: "alice",
      body: new URLSearchParams({ tests: " ".repeat(bytes) }),
    });
  const limit = 10 * 1024 * 1024 - "tests=".length;
  const [within, beyond] = [await send(limit), await send(limit + 1)];
  assertEquals([within.status, beyond.status], [400, 413]);
  assert((await within.text()).startsWith("Invalid JSON"));
  await beyond.body?.cancel();
});
