import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import type { Run } from "../../../core/run.ts";
import { startTestApp, type TestApp } from "../../../tests/app.ts";
import autopkgtest from "./mod.ts";
import { taskSchema } from "./task.ts";

const listing = z.object({
  until: z.number(),
  results: z.array(z.record(z.string(), z.unknown())),
});
const madeRuns = z.object({ run_ids: z.array(z.number()) });

const several = "/api/v1/test/unstable/amd64";

function start(options: Parameters<typeof autopkgtest>[0] = {}) {
  return startTestApp([autopkgtest(options)]);
}

function post(
  app: TestApp,
  path: string,
  body: BodyInit | null,
  user = "alice",
) {
  return app.request(path, { method: "POST", body, user });
}

function postTests(app: TestApp, tests: unknown, user = "alice") {
  const body = new URLSearchParams({ tests: JSON.stringify(tests) });
  return post(app, several, body, user);
}

async function stored(app: TestApp): Promise<readonly Run[]> {
  return await app.app.store.runs.list({ backend: "autopkgtest" });
}

async function list(app: TestApp, query = "", user = "alice") {
  const response = await app.request(`/api/v1/test${query}`, { user });
  return listing.parse(await response.json());
}

const routes = [
  ["GET", "/api/v1/auth"],
  ["POST", "/api/v1/test/unstable/amd64/bash"],
  ["POST", several],
  ["GET", "/api/v1/test"],
] as const;

for (const [method, path] of routes) {
  Deno.test(`${method} ${path}: without a valid credential it is 403, in debci's words`, async () => {
    await using app = await start();
    for (const headers of [{}, { "test-user": "nobody-99" }]) {
      const response = await app.request(path, { method, headers });
      assertEquals(await response.text(), "Invalid key\n");
      assertEquals(response.status, 403);
      assertEquals(response.headers.get("auth-user"), null);
      assertEquals(response.headers.get("www-authenticate"), null);
    }
  });
}

Deno.test("a known caller without the permission is told which one is missing", async () => {
  await using app = await start();
  const response = await app.request(`${several}/bash`, {
    method: "POST",
    user: "alice",
    role: "viewer",
  });
  assertEquals(response.status, 403);
  assertEquals(response.headers.get("auth-user"), "alice");
  assertEquals(
    await response.text(),
    'Cannot do this as user "alice": the permission tests:create is missing\n',
  );
  assertEquals(await stored(app), []);
});

Deno.test("a test becomes a run that says all that a runner needs", async () => {
  await using app = await start();
  const response = await post(
    app,
    `${several}/g%2B%2B?priority=3`,
    new URLSearchParams({ is_private: "true" }),
  );
  assertEquals([response.status, await response.text()], [201, ""]);
  const [run] = await stored(app);
  assert(run);
  assertEquals(run.job, "g++");
  assertEquals(run.priority, 3);
  assertEquals(run.isPrivate, true);
  assertEquals(run.labels, {
    backend: "autopkgtest",
    arch: "amd64",
    suite: "unstable",
  });
  assertEquals(taskSchema.parse(run.task), {
    package: "g++",
    suite: "unstable",
    arch: "amd64",
    pins: [],
    extraSources: [],
    timeoutSeconds: 18_000,
    testTimeoutSeconds: 10_000,
  });
});

for (const trigger of [{}, [], true, "a\0b", "\ud800", "x".repeat(100_001)]) {
  const what = JSON.stringify(trigger).slice(0, 20);
  Deno.test(`the trigger ${what} is refused, and says which test has it`, async () => {
    await using app = await start();
    const response = await postTests(app, [{ package: "foo" }, {
      package: "bar",
      trigger,
    }]);
    assertEquals(response.status, 400);
    assertStringIncludes(
      await response.text(),
      "Invalid value for trigger for package: bar at test index 1: expected a text",
    );
    assertEquals(await stored(app), []);
  });
}

Deno.test("the body's parameters win over the query's", async () => {
  await using app = await start();
  const body = new URLSearchParams({ priority: "9" });
  await post(app, `${several}/bash?priority=3`, body);
  assertEquals((await stored(app)).map((run) => run.priority), [9]);
});

Deno.test("who accepts JSON is told the numbers of the new runs, in the order of the tests", async () => {
  await using app = await start();
  const response = await app.request(several, {
    method: "POST",
    user: "alice",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ tests: '[{"package":"b2"},{"package":"a1"}]' }),
  });
  assertEquals(response.status, 201);
  assertEquals(response.headers.get("content-type"), "application/json");
  const made = madeRuns.parse(await response.json()).run_ids;
  const { results } = await list(app);
  assertEquals(
    results.map(({ run_id, package: name }) => [run_id, name]),
    [[made[0], "b2"], [made[1], "a1"]],
  );
});

Deno.test("of a batch with one bad item nothing is stored", async () => {
  await using app = await start();
  const tests = [{ package: "good" }, { package: "bad", "pin-packages": 1 }];
  assertEquals((await postTests(app, tests)).status, 400);
  assertEquals(await stored(app), []);
});

Deno.test("a test with pins or extra sources waits for a testbed that is thrown away", async () => {
  const entry = "deb http://archive.test/debian unstable main";
  await using app = await start({ extraAptSources: { extra: { entry } } });
  await postTests(app, [
    { package: "bash", "pin-packages": [["src:foo,bar", "testing"]] },
    { package: "dash", "extra-apt-sources": ["extra"] },
  ]);
  const [dash, bash] = await stored(app);
  assertEquals(bash?.labels.testbed, "disposable");
  assertEquals(taskSchema.parse(bash?.task).pins, [
    { suite: "testing", packages: ["src:foo", "bar"] },
  ]);
  assertEquals(dash?.labels.testbed, "disposable");
  assertEquals(taskSchema.parse(dash?.task).extraSources, [
    { name: "extra", entry, signingKey: null },
  ]);
});

Deno.test("a restricted source is refused to others as if there were none", async () => {
  const entry = "deb http://archive.test/debian unstable main";
  await using app = await start({
    extraAptSources: { secret: { entry, allowed: ["user:bob"] } },
  });
  const sources = (name: string) =>
    new URLSearchParams({ extra_apt_sources: JSON.stringify([name]) });
  const [theirs, unknown] = await Promise.all(
    ["secret", "nosuch"].map(async (name) =>
      (await (await post(app, `${several}/bash`, sources(name))).text())
        .replace(name, "NAME")
    ),
  );
  assertEquals(theirs, "Invalid extra apt sources: NAME");
  assertEquals(theirs, unknown);
  const bobs = await post(app, `${several}/bash`, sources("secret"), "bob");
  assertEquals(bobs.status, 201);
});

Deno.test("a body over the limit is refused while it streams, and nothing is stored", async () => {
  await using app = await start({ maxUploadBytes: 1000 });
  const sent = { bytes: 0, isCancelled: false };
  const body = new ReadableStream({
    pull(controller) {
      sent.bytes += 400;
      controller.enqueue(new TextEncoder().encode("a".repeat(400)));
    },
    cancel() {
      sent.isCancelled = true;
    },
  });
  const response = await post(app, several, body);
  assertEquals(response.status, 413);
  assertEquals(response.headers.get("auth-user"), "alice");
  assertStringIncludes(await response.text(), "larger than 1000 bytes");
  assert(sent.bytes < 4000, `read ${sent.bytes} bytes`);
  assert(sent.isCancelled);
  assertEquals(await stored(app), []);
});

const malformed = [
  ["a form without its boundary", "multipart/form-data", "tests=[]"],
  [
    "a form whose text is not UTF-8",
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="tests"\r\n\r\n[{"package":"ba\xffsh"}]\r\n--x--\r\n',
  ],
  [
    "percent signs that encode nothing",
    "application/x-www-form-urlencoded",
    "tests=100%",
  ],
] as const;

for (const [what, type, text] of malformed) {
  Deno.test(`${what} is a 400 that says so`, async () => {
    await using app = await start();
    const response = await app.request(several, {
      method: "POST",
      user: "alice",
      headers: { "content-type": type },
      body: Uint8Array.from(text, (character) => character.charCodeAt(0)),
    });
    assertEquals(response.status, 400);
    assertStringIncludes(await response.text(), "Cannot ");
    assertEquals(await stored(app), []);
  });
}

Deno.test("a form that is cut off, wherever, is a 400, and nothing is stored", async () => {
  await using app = await start();
  const whole = [
    "--x",
    'Content-Disposition: form-data; name="priority"',
    "",
    "7",
    "--x",
    'Content-Disposition: form-data; name="is_private"',
    "",
    "true",
    "--x--",
    "",
  ].join("\r\n");
  const send = async (body: string, boundary: string) => {
    const response = await app.request(`${several}/bash`, {
      method: "POST",
      user: "alice",
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      body,
    });
    assertEquals(
      response.headers.get("content-type"),
      "text/html;charset=utf-8",
    );
    await response.body?.cancel();
    return response.status;
  };
  // The last line break is no part of the boundary.
  for (let length = 0; length < whole.length - 2; length++) {
    assertEquals(await send(whole.slice(0, length), "x"), 400, `at ${length}`);
  }
  assertEquals(await stored(app), []);
  assertEquals(await send(whole, "x"), 201);
  assertEquals(await send(whole, '"x"; charset=utf-8'), 201);
  assertEquals(await send(whole.trimEnd(), "x"), 201);
  assertEquals(
    (await stored(app)).map((run) => [run.priority, run.isPrivate]),
    [
      [7, true],
      [7, true],
      [7, true],
    ],
  );
});

Deno.test("a text that a caller sent is never run by a browser", async () => {
  await using app = await start();
  const response = await post(app, `/api/v1/test/unstable/<script>/bash`, null);
  assertEquals(await response.text(), "Invalid architecture: <script>\n");
  assertEquals(
    response.headers.get("content-security-policy"),
    "default-src 'none'; sandbox",
  );
});

Deno.test("callers see the tests of their own account only, private ones too", async () => {
  await using app = await start();
  await postTests(app, [{ package: "mine", is_private: true }], "alice");
  await postTests(app, [{ package: "theirs" }], "bob");
  assertEquals((await list(app)).results.map((each) => each.package), ["mine"]);
});

Deno.test("since leaves out what did not change since then, to the second", async () => {
  await using app = await start();
  await postTests(app, [{ package: "first" }]);
  app.advance(5000);
  await postTests(app, [{ package: "second" }]);
  const seconds = Math.floor(app.now() / 1000);
  const packages = async (query: string) => {
    const { until, results } = await list(app, query);
    return [until - seconds, results.map((each) => each.package)];
  };
  assertEquals(await packages(""), [0, ["first", "second"]]);
  assertEquals(await packages(`?since=${seconds}.9`), [0, ["second"]]);
  assertEquals(await packages(`?since=${seconds + 1}`), [0, []]);
});

Deno.test("an option that makes no sense is named before the start", () => {
  const { faults } = autopkgtest({ suites: ["un stable"], maxUploadBytes: 0 });
  assertEquals(faults.length, 2);
  assertStringIncludes(faults[0] ?? "", "autopkgtest: option suites.0: ");
});
