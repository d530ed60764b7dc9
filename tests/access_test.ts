import { assert, assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { operations, startWhole as start } from "./operations.ts";

Deno.test("every operation is documented and names the access it needs", async () => {
  await using test = await start();
  const all = await operations(test);
  assert(all.length > 20, `there are ${all.length} operations`);
  assertEquals(all.filter(({ access }) => access === undefined), []);
});

/** What anybody may ask for, beside files and pages of public package tests: health, documents, and signing in and out. */
const publicOperations = [
  "GET /.well-known/jwks.json",
  "GET /api",
  "GET /api/",
  "GET /api/doc",
  "GET /assets/0",
  "GET /docs",
  "GET /livez",
  "GET /login",
  "GET /login/callback",
  "GET /login/start",
  "GET /logout",
  "GET /openapi.json",
  "GET /readyz",
  "POST /login",
  "POST /logout",
];

for (const publicData of [true, false]) {
  Deno.test(`nothing is public but what must be, and files and pages of package tests where the operator says so (${publicData})`, async () => {
    await using test = await start([], { publicData });
    const open = (await operations(test)).filter(({ access }) =>
      access === "public"
    ).map(({ method, path }) => `${method} ${path}`);
    const isFile = (operation: string) =>
      /^GET \/data\/(autopkgtest|status|packages|feeds)\//.test(operation) ||
      /^GET \/(events|runs(\/.+)?|(packages|status)(\/.*)?)?$/.test(operation);
    assertEquals(
      open.filter((each) => !isFile(each)).toSorted(),
      publicOperations,
    );
    assertEquals(open.some(isFile), publicData);
  });
}

Deno.test("without a credential, or with a bad one, every guarded operation refuses", async () => {
  await using test = await start();
  for (const { method, path, access } of await operations(test)) {
    if (access === "public" || access === "runner") continue;
    for (const credential of [{}, { "test-user": "nobody-999" }]) {
      for (const body of method === "GET" ? [null] : ["{}", "{", ""]) {
        const headers = { ...credential, "content-type": "application/json" };
        const response = await test.request(path, { method, headers, body });
        await response.body?.cancel();
        assert(
          response.status === 401 || response.status === 403,
          `${method} ${path} answered ${response.status} to ${
            JSON.stringify(credential)
          }`,
        );
      }
    }
  }
});

Deno.test("without a credential every operation for runners is a 401 with a challenge, whatever else is sent", async () => {
  await using test = await start();
  const forRunners = (await operations(test)).filter(({ path }) =>
    path.startsWith("/runner/")
  );
  assertEquals(forRunners.length, 9);
  for (const { method, path } of forRunners) {
    for (const body of ["{}", "{", ""]) {
      const headers = { "content-type": "application/json" };
      const response = await test.request(path, { method, headers, body });
      const said = z.object({ code: z.string(), requestId: z.string() }).parse(
        await response.json(),
      );
      assertEquals(
        [
          response.status,
          said.code,
          response.headers.get("content-type"),
          response.headers.get("www-authenticate"),
        ],
        [
          401,
          "unauthenticated",
          "application/problem+json",
          'Bearer realm="slipway"',
        ],
        `${method} ${path} with ${JSON.stringify(body)}`,
      );
    }
  }
});

Deno.test("with a token that is none a runner is not heard: 401, or 409 where a token stands for an attempt", async () => {
  await using test = await start();
  const end = { end: { kind: "cancelled" }, logBytes: 0 };
  const attempt = "/runner/v1/runs/0";
  const sent: [string, string, string, number][] = [
    ["POST", "/runner/v1/register", "{", 401],
    ["POST", "/runner/v1/claim", "{", 401],
    ["POST", `${attempt}/start`, "", 409],
    ["POST", `${attempt}/heartbeat`, "", 409],
    ["PATCH", `${attempt}/log`, "xy", 409],
    ["PUT", `${attempt}/artifacts?path=a`, "x", 409],
    ["PUT", `${attempt}/result`, JSON.stringify(end), 409],
    ["POST", `${attempt}/release`, "", 409],
  ];
  for (const [method, path, body, status] of sent) {
    const response = await test.request(path, {
      method,
      body,
      headers: {
        authorization: "Bearer wrong",
        "content-type": "application/json",
        "content-range": "bytes 0-1/*",
      },
    });
    await response.body?.cancel();
    assertEquals(response.status, status, `${method} ${path}`);
  }
});

Deno.test("a principal without the permission is refused with 403, whatever the route", async () => {
  await using test = await start();
  for (const { method, path, access } of await operations(test)) {
    if (
      access === undefined ||
      ["public", "runner", "signed-in"].includes(access) ||
      access.endsWith(":read")
    ) continue;
    const response = await test.request(path, {
      method,
      user: "alice",
      role: "viewer",
      body: method === "GET" ? null : "{}",
    });
    await response.body?.cancel();
    assertEquals(response.status, 403, `${method} ${path}`);
  }
});

Deno.test("an unknown path is a 404, a wrong method a 405 that names the right ones, each in its dialect", async () => {
  await using test = await start();
  const check = async (
    path: string,
    method: string,
    status: number,
    type: string,
  ) => {
    const response = await test.request(path, { method, user: "alice" });
    await response.body?.cancel();
    assertEquals([path, response.status], [path, status]);
    assert(
      response.headers.get("content-type")?.startsWith(type),
      `${path}: ${response.headers.get("content-type")}`,
    );
    if (status === 405) {
      assert(response.headers.get("allow"), `${path} has Allow`);
    }
  };
  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    await check("/v1/runs", method, 405, "application/problem+json");
    await check("/v1/executions", method, 405, "application/json");
    await check("/api/v1/auth", method, 405, "text/html");
  }
  await check("/nowhere", "GET", 404, "application/problem+json");
  await check("/v1/executions/a/b/c", "GET", 404, "application/json");
  await check("/api/v1/nope", "GET", 404, "text/html");
});

Deno.test("malformed bodies are a 4xx everywhere, never a 5xx", async () => {
  await using test = await start();
  const bodies = [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    "\u0000",
    "a=b&a=c",
    "x".repeat(100_000),
    "[".repeat(50_000),
    // Valid JSON of a wrong shape, where debci's forms hold JSON.
    ...["{}", "[[]]", '[{"package":{}}]', '[{"package":"foo","trigger":[]}]']
      .flatMap((json) => [
        new URLSearchParams({ tests: json }).toString(),
        new URLSearchParams({ extra_apt_sources: json }).toString(),
      ]),
  ];
  for (const { method, path, access } of await operations(test)) {
    if (method === "GET" || access === "public") continue;
    for (const body of bodies) {
      for (
        const type of [
          "application/json",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "",
        ]
      ) {
        const response = await test.request(path, {
          method,
          user: "alice",
          body,
          headers: { "content-type": type, authorization: "Bearer x" },
        });
        const text = await response.text();
        assert(
          response.status < 500,
          `${method} ${path} answered ${response.status} to ${
            body.slice(0, 20)
          }: ${text}`,
        );
      }
    }
  }
});

Deno.test("every native route refuses a query parameter that it does not know, and names those that it does", async () => {
  await using test = await start();
  const native = (await operations(test)).filter(({ path }) =>
    /^\/v1\/(runs|jobs|whoami)/.test(path)
  );
  assert(native.length >= 9, `there are ${native.length} operations`);
  for (const { method, path } of native) {
    const response = await test.request(`${path}?stat=queued`, {
      method,
      user: "alice",
    });
    const { detail } = z.object({ detail: z.string() }).parse(
      await response.json(),
    );
    assertEquals(response.status, 400, `${method} ${path}`);
    assertMatch(
      detail,
      /^Cannot read the request: query: unknown parameter "stat"; (use \w+|this path takes none)/,
    );
  }
});

Deno.test("no cache keeps what a guarded operation answers, success or refusal, unless it says how", async () => {
  await using test = await start();
  for (const { method, path, access } of await operations(test)) {
    if (access === "public" || access === "runner") continue;
    const response = await test.request(path, {
      method,
      user: "alice",
      body: method === "GET" ? null : "{}",
    });
    await response.body?.cancel();
    assertMatch(
      response.headers.get("cache-control") ?? "",
      /\bno-(store|cache)\b/,
      `${method} ${path} answered ${response.status}`,
    );
  }
});
