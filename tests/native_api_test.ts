import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { runSchema } from "../routes/run_json.ts";
import { runnerToken, startTestApp, type TestApp } from "./app.ts";

const pageSchema = z.object({
  runs: z.array(runSchema),
  next: z.string().nullable(),
});
const problemSchema = z.object({
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
});

function start(): Promise<TestApp> {
  return startTestApp([dummy()]);
}

async function submit(
  test: TestApp,
  body: Record<string, unknown> = {},
  user = "alice",
) {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 }, ...body }),
  });
  assertEquals(response.status, 201);
  return z.object({ id: z.string(), number: z.number() }).parse(
    await response.json(),
  );
}

async function show(test: TestApp, id: string, user = "alice") {
  const response = await test.request(`/v1/runs/${id}`, { user });
  assertEquals(response.status, 200);
  return runSchema.parse(await response.json());
}

Deno.test("a run is found by its id and by its number", async () => {
  await using test = await start();
  const { id, number } = await submit(test, { job: "smoke" });
  const run = await show(test, id);
  assertEquals([run.number, run.job, run.owner, run.state], [
    number,
    "smoke",
    "alice",
    "queued",
  ]);
  assertEquals(await show(test, String(number)), run);
});

Deno.test("pages of runs follow each other without gap or repetition", async () => {
  await using test = await start();
  for (let count = 0; count < 7; count++) await submit(test);
  const seen: number[] = [];
  for (let next: string | null = ""; next !== null;) {
    const query: string = next === "" ? "" : `&cursor=${next}`;
    const page = pageSchema.parse(
      await (await test.request(`/v1/runs?limit=3${query}`, { user: "alice" }))
        .json(),
    );
    seen.push(...page.runs.map(({ number }) => number));
    next = page.next;
  }
  assertEquals(seen, [7, 6, 5, 4, 3, 2, 1]);
});

Deno.test("runs are listed by owner and by the time at which they were asked for", async () => {
  await using test = await start();
  const day = 86_400_000;
  await submit(test, { job: "a" }, "alice");
  const second = new Date(test.now() + day).toISOString();
  test.advance(day);
  await submit(test, { job: "b" }, "bob");
  await submit(test, { job: "a", isPrivate: true }, "bob");
  test.advance(day);
  await submit(test, { job: "a" }, "alice");
  const third = new Date(test.now()).toISOString();
  const numbers = async (query: string) => {
    const response = await test.request(`/v1/runs?${query}`, { user: "alice" });
    const { runs } = pageSchema.parse(await response.json());
    return runs.map(({ number }) => number);
  };
  assertEquals(await numbers("owner=alice"), [4, 1]);
  assertEquals(await numbers("owner=bob"), [2]);
  assertEquals(await numbers("owner=nobody"), []);
  assertEquals(await numbers(`from=${second}`), [4, 2]);
  assertEquals(await numbers(`to=${second}`), [1]);
  assertEquals(await numbers(`from=${second}&to=${third}`), [2]);
  assertEquals(await numbers(`from=${second}&job=a&owner=alice`), [4]);
  assertEquals(await numbers("from=0001-01-01T00:00:00Z"), [4, 2, 1]);
  assertEquals(await numbers("from=9999-12-31T23:59:59Z"), []);
  for (const query of ["from=yesterday", "to=2026-01-02", "since=1"]) {
    const response = await test.request(`/v1/runs?${query}`, { user: "alice" });
    assertEquals(response.status, 400, query);
    const { detail } = problemSchema.parse(await response.json());
    assertMatch(detail, /from|to/, query);
  }
});

Deno.test("somebody else's private run is not there, by any route", async () => {
  await using test = await start();
  const { id, number } = await submit(test, { isPrivate: true });
  for (
    const path of [`/v1/runs/${id}`, `/v1/runs/${number}`, `/v1/runs/${id}/log`]
  ) {
    const [missing, foreign] = await Promise.all([
      test.request(path.replace(/[0-9a-f]{12}|\d+(?=$|\/)/, "999999"), {
        user: "bob",
      }),
      test.request(path, { user: "bob" }),
    ]);
    assertEquals([foreign.status, missing.status], [404, 404], path);
    await Promise.all([foreign.body?.cancel(), missing.body?.cancel()]);
  }
  const list = pageSchema.parse(
    await (await test.request("/v1/runs", { user: "bob" })).json(),
  );
  assertEquals(list.runs, []);
  const cancelled = await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user: "bob",
  });
  assertEquals(cancelled.status, 404);
  await cancelled.body?.cancel();
  assertEquals((await show(test, id)).state, "queued");
});

Deno.test("a run may be cancelled by its owner and by an admin, not by others", async () => {
  await using test = await start();
  const { id } = await submit(test);
  const foreign = await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user: "bob",
  });
  assertEquals(problemSchema.parse(await foreign.json()).code, "forbidden");
  const own = await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user: "alice",
  });
  assertEquals(runSchema.parse(await own.json()).state, "aborted");
  const other = await submit(test);
  const admin = await test.request(`/v1/runs/${other.id}/cancel`, {
    method: "POST",
    user: "root",
    role: "admin",
  });
  assertEquals(runSchema.parse(await admin.json()).state, "aborted");
});

Deno.test("a run that is over is asked for again by its owner, once for an Idempotency-Key", async () => {
  await using test = await start();
  const { id } = await submit(test, { job: "again" });
  const path = `/v1/runs/${id}/retry`;
  const retry = async (user: string, headers = {}) => {
    const response = await test.request(path, {
      method: "POST",
      user,
      headers,
    });
    return { status: response.status, body: await response.json() };
  };
  assertEquals((await retry("alice")).status, 409);
  await (await test.request(`/v1/runs/${id}/cancel`, {
    method: "POST",
    user: "alice",
  })).body?.cancel();
  assertEquals((await retry("bob")).status, 403);
  const key = { "idempotency-key": "again-1" };
  for (let turn = 0; turn < 2; turn++) {
    const { status, body } = await retry("alice", key);
    const made = runSchema.parse(body);
    assertEquals([status, made.number, made.job], [201, 2, "again"]);
  }
});

Deno.test("cancelling an ended run leaves it as it is", async () => {
  await using test = await start();
  const { id } = await submit(test);
  for (let turn = 0; turn < 2; turn++) {
    const response = await test.request(`/v1/runs/${id}/cancel`, {
      method: "POST",
      user: "alice",
    });
    assertEquals(runSchema.parse(await response.json()).state, "aborted");
  }
});

Deno.test("a run that no runner offers to do waits, and says which label is missing", async () => {
  await using test = await start();
  const { id } = await submit(test, { labels: { arch: "riscv64" } });
  assertEquals((await show(test, id)).missingLabels, {
    backend: "dummy",
    arch: "riscv64",
  });
  const registered = await test.request("/runner/v1/register", {
    method: "POST",
    headers: {
      authorization: `Bearer ${runnerToken}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      name: "r",
      version: "0",
      offers: [{ backend: ["dummy"], arch: ["amd64"] }],
    }),
  });
  await registered.body?.cancel();
  const run = await show(test, id);
  assertEquals(run.missingLabels, { arch: "riscv64" });
  assertStringIncludes(run.message ?? "", "arch=riscv64");
});

Deno.test("whoami shows the caller without the credential's text", async () => {
  await using test = await start();
  const response = await test.request("/v1/whoami", { user: "alice" });
  assertEquals(response.status, 200);
  assertStringIncludes(await response.text(), '"id":"user:alice"');
});

Deno.test("a refusal is problem+json with the request's id", async () => {
  await using test = await start();
  const response = await test.request("/v1/runs?limit=zero", { user: "alice" });
  const body = problemSchema.parse(await response.json());
  assertEquals([response.status, body.status, body.code], [
    400,
    400,
    "invalid",
  ]);
  assertStringIncludes(body.detail, "limit");
  assertEquals(response.headers.get("x-request-id"), body.requestId);
  assertMatch(body.requestId, /^[0-9a-f-]{36}$/);
});

/** Sends text as it is, as no client would, and reads all of the answer. */
async function exchange(
  hostname: string,
  port: number,
  text: string,
): Promise<string> {
  using connection = await Deno.connect({ hostname, port });
  await connection.write(new TextEncoder().encode(text));
  let answer = "";
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(10_000);
  for (;;) {
    const count = await connection.read(chunk);
    if (count === null) return answer;
    answer += decoder.decode(chunk.subarray(0, count));
  }
}

Deno.test("a broken Host is a 400 with the request's id", async () => {
  await using test = await start();
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    test.app.fetch,
  );
  const { hostname, port } = server.addr;
  for (const host of ["a b", "[", "a:99999999", "%", "a/b?c#d"]) {
    const answer = await exchange(
      hostname,
      port,
      `GET /v1/runs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    assertMatch(answer, /^HTTP\/1\.1 4\d\d /, host);
    assertMatch(
      answer,
      /\r\ncontent-type: application\/problem\+json\r\n/,
      host,
    );
    const id = /\r\nx-request-id: (\S+)/.exec(answer)?.[1];
    assertStringIncludes(answer, `"requestId":"${id}"`);
  }
});

Deno.test("a path with dots in it is looked for as it was sent", async () => {
  await using test = await start();
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    test.app.fetch,
  );
  const { hostname, port } = server.addr;
  const answer = await exchange(
    hostname,
    port,
    "GET /v1/../v1/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  );
  assertMatch(answer, /^HTTP\/1\.1 404 /);
  assertStringIncludes(answer, "Cannot find /v1/../v1/whoami:");
});

Deno.test("liveness and readiness answer without a credential", async () => {
  await using test = await start();
  for (const path of ["/livez", "/readyz"]) {
    const response = await test.request(path);
    assertEquals([response.status, await response.text()], [200, "ok\n"]);
  }
});

Deno.test("a misspelt filter is refused, not ignored", async () => {
  await using test = await start();
  const response = await test.request("/v1/runs?limt=3&state=queued", {
    user: "alice",
  });
  const { code, detail } = problemSchema.parse(await response.json());
  assertEquals([response.status, code], [400, "invalid"]);
  assertEquals(
    detail,
    'Cannot read the request: query: unknown parameter "limt"; use backend, job, state, owner, from, to, limit, cursor',
  );
});
