import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import type { TestApp } from "../../../tests/app.ts";
import {
  answer,
  post,
  postTests,
  several,
  startDebci,
  stored,
} from "../../../tests/debci_requests.ts";
import { RejectList } from "./reject_list.ts";
import { parseRejectList } from "./reject_list_file.ts";

const path = "/v1/reject-list";
const listing = z.object({
  entries: z.array(z.record(z.string(), z.string())),
});

function add(
  app: TestApp,
  entry: unknown,
  role: "admin" | "trigger" = "admin",
) {
  return app.request(path, {
    method: "POST",
    user: "root",
    role,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(entry),
  });
}

function remove(app: TestApp, query: Record<string, string>) {
  return app.request(`${path}?${new URLSearchParams(query)}`, {
    method: "DELETE",
    user: "root",
    role: "admin",
  });
}

async function packages(app: TestApp) {
  const response = await app.request(path, { user: "root", role: "admin" });
  const { entries } = listing.parse(await response.json());
  return entries.map((entry) => entry.package);
}

Deno.test("an entry that an administrator adds holds at once, until it is removed", async () => {
  await using app = await startDebci();
  assertEquals((await answer(post(app, `${several}/bash`)))[0], 201);
  const [status, text] = await answer(
    add(app, { package: "ba*", reason: "x" }),
  );
  assertEquals([status, JSON.parse(text)], [201, {
    package: "ba*",
    suite: "*",
    arch: "*",
    version: "*",
    reason: "x",
  }]);
  assertEquals((await answer(post(app, `${several}/bash`)))[0], 400);
  assertEquals((await answer(add(app, { package: "ba*" })))[0], 200);
  assertEquals((await packages(app)).at(-1), "ba*");

  assertEquals(
    (await answer(remove(app, { package: "ba*", suite: "x" })))[0],
    404,
  );
  assertEquals(await answer(remove(app, { package: "ba*" })), [204, ""]);
  assertEquals((await answer(post(app, `${several}/bash`)))[0], 201);
});

const faulty = [
  ["no JSON object", [1]],
  ["no package", {}],
  ["a bad pattern", { package: "Foo $(id)" }],
  ["a bad suite", { package: "foo", suite: "../etc" }],
  ["a bad version", { package: "foo", version: "1 2" }],
  ["another member", { package: "foo", sweet: "unstable" }],
  ["a member that is no text", { package: "foo", suite: null }],
] as const;

for (const [what, entry] of faulty) {
  Deno.test(`an entry with ${what} is a 400 that says so`, async () => {
    await using app = await startDebci();
    const response = await add(app, entry);
    assertEquals(
      response.headers.get("content-type"),
      "application/problem+json",
    );
    const [status, text] = await answer(response);
    assertEquals(status, 400);
    assertStringIncludes(text, "Cannot reject packages: ");
    assertEquals((await packages(app)).length, 4);
  });
}

Deno.test("the reject list is the administrators' to change, and everybody's with a key to read", async () => {
  await using app = await startDebci();
  assertEquals((await answer(add(app, { package: "foo" }, "trigger")))[0], 403);
  const init = { user: "alice" };
  assertEquals((await app.request(path, init)).status, 403);
  assertEquals((await app.request("/api/v1/reject_list", init)).status, 200);
});

Deno.test("names that JavaScript's objects have are packages like others", async () => {
  await using app = await startDebci();
  await add(app, { package: "constructor", suite: "constructor" });
  const response = await app.request("/api/v1/reject_list", { user: "alice" });
  assertStringIncludes(
    await response.text(),
    '"constructor":{"constructor":{"amd64":{"*":""},"arm64":{"*":""}}}',
  );
});

Deno.test("5,000 questions to a list of 2,000 entries take less than half a second", () => {
  const lines = Array.from(
    { length: 2000 },
    (_, at) => at % 2 === 0 ? `package${at} unstable` : `lib${at}-*`,
  );
  const { entries } = parseRejectList([...lines, "*-broken"].join("\n"));
  const list = new RejectList(entries, {
    suites: ["unstable"],
    architectures: ["amd64"],
  });
  const startedAt = performance.now();
  let rejected = 0;
  for (let at = 0; at < 5000; at++) {
    const name = at % 5 === 0 ? `lib${at}-dev` : `package${at}`;
    if (list.isRejected({ package: name, suite: "unstable", arch: "amd64" })) {
      rejected++;
    }
  }
  const tookMs = performance.now() - startedAt;
  assertEquals(rejected, 1000);
  assert(tookMs < 500, `${tookMs} ms`);
});

Deno.test("a rejected test tells why where people look, and has nothing that a test leaves", async () => {
  await using app = await startDebci();
  await postTests(app, [{ package: "rejectedpkg" }]);
  const [run] = await stored(app);
  assertEquals(run?.message, "RejectListed package: rejectedpkg");
  const listed = await app.request("/api/v1/test", { user: "alice" });
  const { results: [result] } = JSON.parse(await listed.text());
  assertEquals(
    [result.status, result.message, result.version, result.duration_seconds],
    ["fail", null, null, null],
  );
  assertEquals(typeof result.date, "string");
});
