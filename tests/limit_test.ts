/** An account or a credential that is limited to some of the work is held to it on every way to a run. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import type { Limit } from "../core/limit.ts";
import { roles } from "../core/permission.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { collection, seedCatalogue } from "./gangway.ts";

const alice = { user: "alice" };

async function start(): Promise<TestApp> {
  const app = await startTestApp([prow(), autopkgtest()]);
  await seedCatalogue(app);
  return app;
}

async function limit(app: TestApp, limits: readonly Limit[]): Promise<void> {
  await app.signIn("alice");
  const access = { permissions: roles.trigger, limits };
  await app.app.store.accounts.allow("user", "alice", access);
}

function execute(app: TestApp, job: string, query = ""): Promise<Response> {
  return app.request(`${collection}/${job}${query}`, {
    ...alice,
    method: "POST",
    body: JSON.stringify({ job_execution_type: "1" }),
  });
}

function testPackage(app: TestApp, name: string): Promise<Response> {
  return app.request(`/api/v1/test/unstable/amd64/${name}`, {
    ...alice,
    method: "POST",
  });
}

async function idOf(response: Response): Promise<string> {
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

Deno.test("work outside the limits is refused in its dialect, and nothing is stored", async () => {
  await using app = await start();
  await limit(app, [{ backends: ["prow"], jobs: ["hel*"] }]);
  const refusals = [
    await execute(app, "nightly"),
    await execute(app, "nightly", "?dry_run=1"),
    await testPackage(app, "hello"),
  ];
  for (const refusal of refusals) {
    assertEquals(refusal.status, 403);
    assertStringIncludes(
      await refusal.text(),
      "limited to backend prow, jobs hel*",
    );
  }
  const taken = await execute(app, "hello");
  assertEquals([taken.status, (await app.app.store.runs.list({})).length], [
    200,
    1,
  ]);
  await taken.body?.cancel();
});

Deno.test("runs outside the limits do not exist for who is limited, their owner too", async () => {
  await using app = await start();
  const id = await idOf(await execute(app, "nightly"));
  await (await testPackage(app, "hello")).body?.cancel();
  const paths = [
    `${collection}/${id}`,
    `${collection}/${id}/events`,
    `/v1/runs/${id}`,
    `/v1/runs/1`,
    `/v1/runs/${id}/log`,
    `/v1/runs/${id}/events`,
    `/v1/runs/${id}/artifacts`,
    `/prowjob?prowjob=${id}`,
    `/log?job=nightly&id=1`,
  ];
  await limit(app, [{ jobs: ["other-*"] }]);
  for (const path of paths) {
    const response = await app.request(path, alice);
    assertEquals([path, response.status], [path, 404]);
    await response.body?.cancel();
  }
  for (const path of [`${collection}/${id}/cancel`, `/v1/runs/${id}/cancel`]) {
    const response = await app.request(path, { ...alice, method: "POST" });
    assertEquals([path, response.status], [path, 404]);
    await response.body?.cancel();
  }
  const lists = ["/v1/runs", collection, "/api/v1/test"];
  const empty = [{ runs: [], next: null }, { job_execution: [] }];
  for (const [at, path] of lists.entries()) {
    const text = await (await app.request(path, alice)).text();
    if (at < empty.length) assertEquals(JSON.parse(text), empty[at]);
    else assertStringIncludes(text, '"results":[]');
  }
});

Deno.test("a bulk abort leaves what is outside the limits alone", async () => {
  await using app = await start();
  const ids = [
    await idOf(await execute(app, "nightly")),
    await idOf(await execute(app, "hello")),
  ];
  await limit(app, [{ jobs: ["hello"] }]);
  const response = await app.request("/v1/bulk-job-status-update", {
    ...alice,
    method: "POST",
    body: JSON.stringify({
      job_status_change: { current: "TRIGGERED", desired: "ABORTED" },
      started_after: "2000-01-01T00:00:00Z",
      started_before: "2100-01-01T00:00:00Z",
    }),
  });
  assertEquals(response.status, 200, await response.text());
  const states = await Promise.all(
    ids.map(async (id) => (await app.app.store.runs.find(id))?.state),
  );
  assertEquals(states, ["queued", "aborted"]);
});

Deno.test("publishing leaves private tests outside the limits alone", async () => {
  await using app = await start();
  const post = (path: string, fields: Record<string, string>) =>
    app.request(path, {
      ...alice,
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(fields),
    });
  const inPrivate = { is_private: "true" };
  await (await post("/api/v1/test/unstable/amd64/other", inPrivate)).text();
  await (await post("/api/v1/test/unstable/amd64/hello", inPrivate)).text();
  await limit(app, [{ jobs: ["hel*"] }]);
  const response = await post("/api/v1/test/publish", { run_ids: "1,2" });
  assertEquals(await response.json(), { run_ids: [2] });
  assertEquals((await app.app.store.runs.findByNumber(1))?.isPrivate, true);
});

Deno.test("pages of one's own tests show none outside the limits, by list or by number", async () => {
  await using app = await start();
  for (const name of ["secretdemo", "periodic-demo"]) {
    const asked = await app.request(`/api/v1/test/unstable/amd64/${name}`, {
      ...alice,
      method: "POST",
      body: new URLSearchParams({ is_private: "true" }),
    });
    assertEquals(asked.status, 201, await asked.text());
  }
  await limit(app, [{ jobs: ["periodic-*"] }]);
  for (
    const path of ["jobs", "test/publish", "test/publish?run_ids=1,2"]
  ) {
    const response = await app.request(`/user/alice/${path}`, {
      ...alice,
      headers: { accept: "text/html" },
    });
    const text = await response.text();
    assertEquals(response.status, 200, text);
    assertStringIncludes(text, "periodic-demo", path);
    assertEquals(text.includes("secretdemo"), false, path);
  }
});

Deno.test("who is limited rejects, and takes off the list, only packages within, and no pattern", async () => {
  await using app = await start();
  await app.signIn("alice");
  const admin = { permissions: roles.admin, limits: [] };
  await app.app.store.accounts.ensure("user", "root", roles.admin);
  await app.app.store.accounts.allow("user", "alice", admin);
  const asked = async (path: string, method: string, body?: BodyInit) => {
    const response = await app.request(path, {
      user: "alice",
      role: "admin",
      method,
      headers: { accept: "text/html" },
      ...body !== undefined && { body },
    });
    return [response.status, await response.text()] as const;
  };
  const entry = (name: string) => JSON.stringify({ package: name });
  const form = (fields: Record<string, string>) => new URLSearchParams(fields);
  const api = "/v1/reject-list";
  const page = "/admin/reject-list";
  assertEquals((await asked(api, "POST", entry("other")))[0], 201);
  await app.app.store.accounts.allow("user", "alice", {
    permissions: roles.admin,
    limits: [{ jobs: ["hel*"] }],
  });
  for (const name of ["other", "hel*", "hel[l]o"]) {
    const answers = [
      await asked(api, "POST", entry(name)),
      await asked(`${api}?package=${encodeURIComponent(name)}`, "DELETE"),
      await asked(page, "POST", form({ package: name })),
    ];
    for (const [status, text] of answers) {
      assertEquals(status, 403, text);
      assertStringIncludes(text, "limited to jobs hel*");
    }
  }
  const removal = form({ entry: "other * * *" });
  assertEquals((await asked(`${page}/remove`, "POST", removal))[0], 403);
  assertEquals((await asked(page, "POST", form({ package: "hello" })))[0], 303);
  assertEquals((await asked(`${api}?package=hello`, "DELETE"))[0], 204);
  assertStringIncludes((await asked(api, "GET"))[1], '"other"');
});
