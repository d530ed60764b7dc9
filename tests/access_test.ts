import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
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
  readonly path: string;
  readonly access: string | undefined;
};

/** Every operation of the running app, out of its own OpenAPI document. */
async function operations(test: TestApp): Promise<Operation[]> {
  const { paths } = documentSchema.parse(
    await (await test.request("/openapi.json")).json(),
  );
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{[^}]+\}/g, "0"),
      access: operation["x-permission"],
    }))
  );
}

function start(): Promise<TestApp> {
  return startTestApp([dummy(), prow(), autopkgtest()]);
}

Deno.test("every documented operation names the access it needs", async () => {
  await using test = await start();
  const all = await operations(test);
  assert(all.length > 20, `there are ${all.length} operations`);
  assertEquals(all.filter(({ access }) => access === undefined), []);
});

Deno.test("only health and the documents of the APIs are public", async () => {
  await using test = await start();
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
    if (access === "public") continue;
    const credentials: Record<string, string>[] = access === "runner"
      ? [{}, { authorization: "Bearer wrong" }]
      : [{}, { "test-user": "nobody-999" }];
    for (const credential of credentials) {
      const body = method === "GET" ? null : "{}";
      const headers = {
        ...credential,
        "content-type": "application/json",
        "content-range": "bytes 0-1/*",
      };
      const response = await test.request(path, { method, headers, body });
      await response.body?.cancel();
      const isRefused = response.status === 401 || response.status === 403 ||
        // A runner's route reads its body first, and an attempt nobody has is a stale one.
        access === "runner" && [400, 409].includes(response.status);
      assert(
        isRefused,
        `${method} ${path} answered ${response.status} to ${
          JSON.stringify(credential)
        }`,
      );
    }
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
