import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const perPrincipal = 100;

async function submit(test: TestApp): Promise<string> {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

/** Serves with Auth-Keys, of which alice has one. */
async function serve() {
  const test = await startTestApp([dummy()], { auth: [authKey()] });
  const { account } = await test.app.store.accounts.ensure(
    "user",
    "alice",
    roles.trigger,
  );
  const key = crypto.randomUUID();
  await test.database.batch([
    await insertAuthKey({
      id: crypto.randomUUID(),
      account: account.id,
      key,
      name: "laptop",
      now: test.now(),
    }),
  ]);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => test.app.fetch(request),
  );
  const id = await submit(test);
  return {
    test,
    id,
    follow: async () => {
      const response = await fetch(
        `http://127.0.0.1:${server.addr.port}/v1/runs/${id}/events`,
        { headers: { "auth-key": key } },
      );
      assertEquals(response.status, 200);
      const body = response.body ?? new Blob().stream();
      return body.pipeThrough(new TextDecoderStream()).getReader();
    },
    async [Symbol.asyncDispose]() {
      test.app.close();
      await server.shutdown();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a stream ends within its minute when the credential is taken back, before anything more is told", async () => {
  await using bench = await serve();
  const { test } = bench;
  const reader = await bench.follow();
  assertStringIncludes((await reader.read()).value ?? "", "queued");
  test.advance(60_000);
  await test.database.batch([sql`delete from auth_key_key`]);
  await (await test.request(`/v1/runs/${bench.id}/cancel`, {
    method: "POST",
    user: "alice",
  })).body?.cancel();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    rest += value;
  }
  assertEquals(rest, ": this credential no longer holds\n\n");
});

Deno.test("a stream whose credential holds goes on after the look", async () => {
  await using bench = await serve();
  const { test } = bench;
  const reader = await bench.follow();
  await reader.read();
  test.advance(60_000);
  await (await test.request(`/v1/runs/${bench.id}/cancel`, {
    method: "POST",
    user: "alice",
  })).body?.cancel();
  assertStringIncludes((await reader.read()).value ?? "", "aborted");
  assertEquals((await reader.read()).done, true);
});

Deno.test("a stream ends when its reader may do less than before", async () => {
  await using bench = await serve();
  const { test } = bench;
  const reader = await bench.follow();
  await reader.read();
  test.advance(60_000);
  await test.database.batch([sql`update account set permissions = '[]'`]);
  await test.app.store.attempts.cancel(bench.id, {
    state: "aborted",
    message: "",
  });
  assertStringIncludes((await reader.read()).value ?? "", "no longer holds");
  assertEquals((await reader.read()).done, true);
});

Deno.test("a stream ends when its reader is limited to other work than before", async () => {
  await using bench = await serve();
  const { test } = bench;
  const reader = await bench.follow();
  await reader.read();
  test.advance(60_000);
  await test.database.batch([
    sql`update account set limits = '{"jobs":["something else"]}'`,
  ]);
  await test.app.store.attempts.cancel(bench.id, {
    state: "aborted",
    message: "",
  });
  assertStringIncludes((await reader.read()).value ?? "", "no longer holds");
  assertEquals((await reader.read()).done, true);
});

Deno.test("a principal has only so many streams open, and gets a new one for each that ends", async () => {
  await using test = await startTestApp([dummy()]);
  const id = await submit(test);
  const follow = (user: string) =>
    test.request(`/v1/runs/${id}/events`, { user });
  const open: Response[] = [];
  for (let count = 0; count < perPrincipal; count++) {
    open.push(await follow("alice"));
  }
  assert(open.every(({ status }) => status === 200));
  const refused = await follow("alice");
  assertEquals([refused.status, refused.headers.get("retry-after")], [
    429,
    "10",
  ]);
  assertStringIncludes(await refused.text(), "100 event streams");
  const head = await test.request(`/v1/runs/${id}/events`, {
    user: "alice",
    method: "HEAD",
  });
  assertEquals(head.status, 200, "HEAD opens none");
  open.push(await follow("bob"));
  assertEquals(
    open.at(-1)?.status,
    200,
    "somebody else has streams of his own",
  );
  await open[0]?.body?.cancel();
  open.push(await follow("alice"));
  assertEquals(open.at(-1)?.status, 200);
  const another = await follow("alice");
  assertEquals(another.status, 429);
  await another.body?.cancel();
  // One that ends by itself counts no more either.
  await (await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user: "alice",
  })).body?.cancel();
  await open[1]?.text();
  open.push(await follow("alice"));
  assertEquals(open.at(-1)?.status, 200);
  for (const [index, { body }] of open.entries()) {
    if (index > 1) await body?.cancel();
  }
});
