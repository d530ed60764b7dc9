import { assert, assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import authKey from "../plugins/auth/auth_key/mod.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        "x-permission": z.string().optional(),
        security: z.array(z.unknown()).optional(),
      }),
    ),
  ),
});

type Operation = {
  readonly method: string;
  /** With something in the place of each parameter. */
  readonly path: string;
  /** Undefined for an operation that the document does not name. */
  readonly access: string | undefined;
};

/** What a path's check lets through, so that what comes after it is reached. */
const samples: ReadonlyMap<string, string> = new Map([
  ["suite", "unstable"],
  ["arch", "amd64"],
  ["package", "foo"],
]);

function sampleOf(name: string): string {
  return samples.get(name) ?? "0";
}

/** Every operation of the running app, documented or not, with the access that its OpenAPI document names. */
async function operations(test: TestApp): Promise<Operation[]> {
  const { paths } = documentSchema.parse(
    await (await test.request("/openapi.json")).json(),
  );
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{([^}]+)\}/g, (_, name) => sampleOf(name)),
      access: operation["x-permission"],
    }))
  );
  const byKey = new Map<string, Operation>();
  for (const { method, path } of test.app.routes) {
    // Middleware answers no request by itself.
    if (method === "ALL") continue;
    const operation = {
      method,
      path: path.replaceAll(/:(\w+)(\{[^}]+\})?/g, (_, name) => sampleOf(name)),
      access: undefined,
    };
    byKey.set(`${method} ${operation.path}`, operation);
  }
  for (const each of documented) byKey.set(`${each.method} ${each.path}`, each);
  return [...byKey.values()];
}

function start(): Promise<TestApp> {
  return startTestApp([dummy(), prow(), autopkgtest()], {
    auth: [authKey()],
  });
}

Deno.test("every operation is documented and names the access it needs", async () => {
  await using test = await start();
  const all = await operations(test);
  assert(all.length > 20, `there are ${all.length} operations`);
  assertEquals(all.filter(({ access }) => access === undefined), []);
});

Deno.test("only health, the documents of the APIs and the files of public package tests are public", async () => {
  await using test = await start();
  const open = (await operations(test)).filter(({ access }) =>
    access === "public"
  ).map(({ method, path }) => `${method} ${path}`);
  const others = open.filter((each) =>
    !/^GET \/data\/(autopkgtest|status|packages|feeds)\//.test(each)
  );
  assertEquals(others.toSorted(), [
    "GET /api",
    "GET /api/",
    "GET /api/doc",
    "GET /livez",
    "GET /openapi.json",
    "GET /readyz",
  ]);
});

Deno.test("where the operator does not publish package tests, only health and the API document are public", async () => {
  await using test = await startTestApp([autopkgtest({ publicData: false })]);
  const open = (await operations(test)).filter(({ access }) =>
    access === "public"
  ).map(({ path }) => path);
  assertEquals(open.toSorted(), [
    "/api",
    "/api/",
    "/api/doc",
    "/livez",
    "/openapi.json",
    "/readyz",
  ]);
});

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
  assertEquals(forRunners.length, 8);
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
