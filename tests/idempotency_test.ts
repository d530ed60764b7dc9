import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import type { Database, Statement } from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { openEmbedded } from "../db/embedded.ts";
import { startTestApp, type TestApp } from "./app.ts";

const runSchema = z.object({ id: z.string(), job: z.string() });

async function create(
  test: TestApp,
  key: string,
  options: {
    job?: string;
    user?: string;
    body?: string;
    headers?: Record<string, string>;
  } = {},
) {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: options.user ?? "alice",
    headers: {
      "content-type": "application/json",
      "idempotency-key": key,
      ...options.headers,
    },
    body: options.body ??
      JSON.stringify({ do: { exit: 0 }, job: options.job ?? "a" }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    isReplayed: response.headers.get("idempotency-replayed") === "true",
  };
}

async function countRuns(test: TestApp): Promise<number> {
  return (await test.app.store.runs.list({})).length;
}

Deno.test("the same key and request: one run, the same answer, marked as replayed", async () => {
  await using test = await startTestApp([dummy()]);
  const first = await create(test, "k1");
  const again = await create(test, "k1");
  assertEquals([first.status, first.isReplayed], [201, false]);
  assertEquals(again, { ...first, isReplayed: true });
  assertEquals(await countRuns(test), 1);
});

Deno.test("the same key for another request is refused, and makes nothing", async () => {
  await using test = await startTestApp([dummy()]);
  await create(test, "k1");
  const other = await create(test, "k1", { job: "b" });
  assertEquals(other.status, 422);
  assertStringIncludes(other.text, "another request");
  assertEquals(await countRuns(test), 1);
});

Deno.test("many at once with one key make one run; who comes too early is told to wait", async () => {
  await using test = await startTestApp([dummy()]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => create(test, "k1")),
  );
  assertEquals(await countRuns(test), 1);
  assertEquals(
    answers.filter(({ status, isReplayed }) => status === 201 && !isReplayed)
      .length,
    1,
  );
  assert(answers.every(({ status }) => status === 201 || status === 409));
});

Deno.test("keys are the caller's own", async () => {
  await using test = await startTestApp([dummy()]);
  const [alice, bob] = [
    await create(test, "k1"),
    await create(test, "k1", { user: "bob" }),
  ];
  assertEquals([alice.isReplayed, bob.isReplayed], [false, false]);
  assertEquals(await countRuns(test), 2);
});

Deno.test("a request that was refused leaves its key free for the corrected one", async () => {
  await using test = await startTestApp([dummy()]);
  assertEquals((await create(test, "k1", { body: "{}" })).status, 400);
  assertEquals((await create(test, "k1")).status, 201);
});

Deno.test("a key is forgotten after a day", async () => {
  await using test = await startTestApp([dummy()]);
  const first = runSchema.parse(JSON.parse((await create(test, "k1")).text));
  test.advance(24 * 60 * 60 * 1000 + 1);
  const next = runSchema.parse(JSON.parse((await create(test, "k1")).text));
  assert(first.id !== next.id);
});

Deno.test("a request whose server died is never carried out twice, and its run is named", async () => {
  await using test = await startTestApp([dummy()]);
  const made = runSchema.parse(JSON.parse((await create(test, "k1")).text));
  // As it stands when the server dies between the commit and the keeping of its answer.
  await test.database.batch([{
    text: "update idempotency set status = null, headers = null, body = null",
    values: [],
  }]);
  assertEquals((await create(test, "k1")).status, 409);
  test.advance(61_000);
  const after = await create(test, "k1");
  assertEquals(after.status, 409);
  assertStringIncludes(after.text, made.id);
  assertEquals(await countRuns(test), 1);
});

Deno.test("a request whose server died before it wrote anything can be carried out by its repetition", async () => {
  await using test = await startTestApp([dummy()]);
  await create(test, "k1");
  await test.database.batch([
    {
      text:
        "update idempotency set status = null, headers = null, body = null, run_ids = null",
      values: [],
    },
    { text: "delete from run", values: [] },
  ]);
  test.advance(61_000);
  assertEquals((await create(test, "k1")).status, 201);
  assertEquals(await countRuns(test), 1);
});

Deno.test("a key that is none is refused", async () => {
  await using test = await startTestApp([dummy()]);
  for (const key of ["", "x".repeat(256)]) {
    const response = await test.request("/dummy/v1/runs", {
      method: "POST",
      user: "alice",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify({ do: { exit: 0 } }),
    });
    await response.body?.cancel();
    assertEquals(response.status, 400, key);
  }
});

Deno.test("the same body as another type, or for another form of answer, is another request", async () => {
  await using test = await startTestApp([dummy()]);
  await create(test, "k1");
  const others: readonly Record<string, string>[] = [
    { "content-type": "application/json; charset=utf-8" },
    { accept: "text/html" },
  ];
  for (const headers of others) {
    assertEquals((await create(test, "k1", { headers })).status, 422);
  }
  assertEquals(await countRuns(test), 1);
});

/** A database whose next write of a run gives no answer; `land` writes it after all, late. */
function faulty() {
  const real = openEmbedded(":memory:");
  let isArmed = false;
  let late: readonly Statement[] = [];
  const database: Database = {
    query: (statement) => real.query(statement),
    close: () => real.close(),
    batch: (statements) => {
      if (
        !isArmed ||
        !statements.some(({ text }) => /insert into run\b/.test(text))
      ) return real.batch(statements);
      isArmed = false;
      late = statements;
      return Promise.reject(
        new ApiError("unavailable", "Cannot tell how the write ended"),
      );
    },
  };
  return {
    database,
    arm: () => {
      isArmed = true;
    },
    land: async () => {
      assert(late.length > 0, "a run was to be written");
      await real.batch(late);
    },
  };
}

Deno.test("a write of unknown outcome that lands before the repetition: the run is named, not made again", async () => {
  const { database, arm, land } = faulty();
  await using test = await startTestApp([dummy()], { database });
  arm();
  assertEquals((await create(test, "k1")).status, 503);
  assertEquals((await create(test, "k1")).status, 409);
  await land();
  test.advance(61_000);
  const after = await create(test, "k1");
  const [run] = await test.app.store.runs.list({});
  assertEquals(after.status, 409);
  assertStringIncludes(after.text, run?.id ?? "a run");
  assertEquals(await countRuns(test), 1);
});

Deno.test("a write of unknown outcome that lands after the repetition makes no second run", async () => {
  const { database, arm, land } = faulty();
  await using test = await startTestApp([dummy()], { database });
  arm();
  assertEquals((await create(test, "k1")).status, 503);
  test.advance(61_000);
  const again = await create(test, "k1");
  assertEquals(again.status, 201);
  const landed = await land().then(() => true, () => false);
  assertEquals([landed, await countRuns(test)], [false, 1]);
  assertEquals(await create(test, "k1"), { ...again, isReplayed: true });
});

Deno.test("a form is the same request whatever its boundary, which clients draw anew each time", async () => {
  await using test = await startTestApp([autopkgtest()]);
  const send = async (boundary: string, name: string) => {
    const tests = JSON.stringify([{ package: name }]);
    const response = await test.request("/api/v1/test/unstable/amd64", {
      method: "POST",
      user: "alice",
      headers: {
        "content-type": `multipart/form-data; boundary=${boundary}`,
        "idempotency-key": "k1",
        accept: "application/json",
      },
      body:
        `--${boundary}\r\nContent-Disposition: form-data; name="tests"\r\n\r\n${tests}\r\n--${boundary}--\r\n`,
    });
    return [response.status, await response.text()];
  };
  const first = await send("one", "hello");
  assertEquals(first, [201, '{"run_ids":[1]}']);
  assertEquals(await send("two", "hello"), first);
  assertEquals((await send("two", "bash"))[0], 422);
  assertEquals(await countRuns(test), 1);
});
