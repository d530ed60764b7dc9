import { assertEquals, assertStringIncludes } from "@std/assert";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const rates = {
  read: { requests: 5, windowSeconds: 60 },
  trigger: { requests: 2, windowSeconds: 60 },
};

async function trigger(test: TestApp, user = "alice"): Promise<Response> {
  const response = await test.request("/dummy/v1/runs", {
    method: "POST",
    user,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ do: { exit: 0 } }),
  });
  await response.body?.cancel();
  return response;
}

async function read(test: TestApp, user = "alice"): Promise<Response> {
  const response = await test.request("/v1/runs", { user });
  await response.body?.cancel();
  return response;
}

Deno.test("gangway 95: who triggers too often gets a 429 with Retry-After and a readable body, and then goes on", async () => {
  await using test = await startTestApp([dummy()], { rates });
  assertEquals([(await trigger(test)).status, (await trigger(test)).status], [
    201,
    201,
  ]);
  const refused = await test.request("/dummy/v1/runs", {
    method: "POST",
    user: "alice",
    body: "{}",
  });
  assertEquals([refused.status, refused.headers.get("retry-after")], [
    429,
    "30",
  ]);
  assertStringIncludes(
    await refused.text(),
    "2 times in 60 s; try again in 30 s",
  );
  test.advance(30_000);
  assertEquals((await trigger(test)).status, 201);
});

Deno.test("gangway 96: polling does not use up the right to trigger", async () => {
  await using test = await startTestApp([dummy()], { rates });
  for (let poll = 0; poll < 5; poll++) {
    assertEquals((await read(test)).status, 200);
  }
  assertEquals((await read(test)).status, 429);
  assertEquals((await trigger(test)).status, 201);
});

Deno.test("allowances are each credential's own", async () => {
  await using test = await startTestApp([dummy()], { rates });
  for (let poll = 0; poll < 6; poll++) await read(test, "alice");
  assertEquals([
    (await read(test, "alice")).status,
    (await read(test, "bob")).status,
  ], [429, 200]);
});

Deno.test("every answer tells where its caller stands", async () => {
  await using test = await startTestApp([dummy()], { rates });
  const answer = await read(test);
  assertEquals(answer.headers.get("ratelimit-policy"), '"read";q=5;w=60');
  assertEquals(answer.headers.get("ratelimit"), '"read";r=4;t=12');
});
