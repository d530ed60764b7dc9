import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import type { Database } from "../core/database.ts";
import { maxLogBytes, maxLogChunkBytes } from "../core/protocol.ts";
import { openEmbedded } from "../db/embedded.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

const offers = [{ backend: ["dummy"] }];
const assignment = z.object({
  run: z.object({ id: z.string() }),
  attemptToken: z.string(),
});

/** A run of alice's that a runner has started; sends what that runner says of it. */
async function started(test: TestApp) {
  const send = (path: string, token: string, body: unknown, init = {}) =>
    test.request(path, {
      method: "POST",
      body: JSON.stringify(body),
      ...init,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        ...("headers" in init ? init.headers ?? {} : {}),
      },
    });
  const made = await test.request("/dummy/v1/runs", {
    user: "alice",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  await made.body?.cancel();
  const registered = await send("/runner/v1/register", runnerToken, {
    name: "r",
    version: "0",
    offers,
  });
  const { token } = z.object({ token: z.string() }).parse(
    await registered.json(),
  );
  const claimId = crypto.randomUUID();
  const claim = { claimId, offers, waitSeconds: 0 };
  const { run: { id }, attemptToken } = assignment.parse(
    await (await send("/runner/v1/claim", token, claim)).json(),
  );
  const path = `/runner/v1/runs/${id}`;
  await (await send(`${path}/start`, attemptToken, {})).body?.cancel();
  const end = { kind: "exited", exitCode: 0 };
  return {
    id,
    fence: { runId: id, attemptToken },
    append: (start: number, bytes: Uint8Array<ArrayBuffer>) =>
      send(`${path}/log`, attemptToken, null, {
        method: "PATCH",
        body: bytes,
        headers: {
          "content-type": "application/octet-stream",
          "content-range": `bytes ${start}-${start + bytes.byteLength - 1}/*`,
        },
      }),
    end: (logBytes: number) =>
      send(`${path}/result`, attemptToken, { end, logBytes }, {
        method: "PUT",
      }),
  };
}

/** A database in memory that knows the most bytes of log that one query gave. */
function measured(): { database: Database; most(): number } {
  const sqlite = openEmbedded(":memory:");
  let most = 0;
  return {
    most: () => most,
    database: {
      async query(statement) {
        const rows = await sqlite.query(statement);
        const sizes = rows.map(({ bytes }) =>
          bytes instanceof Uint8Array ? bytes.byteLength : 0
        );
        most = Math.max(most, sizes.reduce((all, size) => all + size, 0));
        return rows;
      },
      batch: (statements) => sqlite.batch(statements),
      close: () => sqlite.close(),
    },
  };
}

/** Bytes that tell their place. */
function pattern(start: number, size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => (start + at) % 251);
}

Deno.test("a large log is read in pieces, whole and from any byte on", async () => {
  const { database, most } = measured();
  await using test = await startTestApp([dummy()], { database });
  const { id, fence } = await started(test);
  const chunkBytes = 300_001;
  const whole = pattern(0, 20 * chunkBytes);
  for (let at = 0; at < whole.byteLength; at += chunkBytes) {
    await test.app.store.logs.append(
      fence,
      at,
      whole.slice(at, at + chunkBytes),
    );
  }
  for (const offset of [0, 1, 1_234_567, chunkBytes, whole.byteLength]) {
    const response = await test.request(`/v1/runs/${id}/log?offset=${offset}`, {
      user: "alice",
    });
    const read = await response.bytes();
    assertEquals(read.byteLength, whole.byteLength - offset);
    assert(read.every((byte, at) => byte === whole[offset + at]), `${offset}`);
  }
  assert(most() > 0 && most() < 2_000_000, `${most()} bytes in one query`);
});

Deno.test("a chunk of log that leaves a gap is refused, with the place to go on at", async () => {
  await using test = await startTestApp([dummy()]);
  const run = await started(test);
  const early = await run.append(10, pattern(10, 5));
  assertEquals([early.status, early.headers.get("range")], [416, null]);
  await early.body?.cancel();
  const first = await run.append(0, pattern(0, 5));
  assertEquals(first.status, 202);
  await first.body?.cancel();
  const gap = await run.append(6, pattern(6, 5));
  assertEquals([gap.status, gap.headers.get("range")], [416, "bytes=0-4"]);
  assertStringIncludes(await gap.text(), "ends at byte 5");
});

Deno.test("a run does not end before its whole log is there", async () => {
  await using test = await startTestApp([dummy()]);
  const run = await started(test);
  await (await run.append(0, pattern(0, 5))).body?.cancel();
  const state = async () =>
    (await (await test.request(`/v1/runs/${run.id}`, { user: "alice" })).json())
      .state;
  for (const logBytes of [6, 4]) {
    const early = await run.end(logBytes);
    assertEquals([early.status, early.headers.get("range")], [
      412,
      "bytes=0-4",
    ]);
    assertStringIncludes(await early.text(), `5 of ${logBytes} bytes`);
    assertEquals(await state(), "running");
  }
  const ended = await run.end(5);
  assertEquals(ended.status, 200);
  await ended.body?.cancel();
  assertEquals(await state(), "passed");
});

Deno.test("a log that is longer than allowed is refused, to the byte", async () => {
  await using test = await startTestApp([dummy()]);
  const run = await started(test);
  await test.database.batch([{
    text: "update run set log_bytes = ?",
    values: [maxLogBytes - 5],
  }]);
  const over = await run.append(maxLogBytes - 5, pattern(0, 6));
  assertEquals(over.status, 413);
  assertStringIncludes(await over.text(), String(maxLogBytes));
  const last = await run.append(maxLogBytes - 5, pattern(0, 5));
  assertEquals(last.status, 202);
  await last.body?.cancel();
  const chunk = await run.append(0, pattern(0, maxLogChunkBytes + 1));
  assertEquals(chunk.status, 413);
  await chunk.body?.cancel();
});
