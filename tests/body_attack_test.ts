/** What somebody may put into a body to break, to blow up or to get round the server, on every operation that takes one. */
import { assert, assertEquals } from "@std/assert";
import { runnerToken, type TestApp } from "./app.ts";
import { type Operation, operations, startWhole } from "./operations.ts";

const types = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
];

async function changing(test: TestApp): Promise<Operation[]> {
  const found = (await operations(test)).filter(({ method }) =>
    method !== "GET"
  );
  assert(found.length > 15, `there are ${found.length}`);
  return found;
}

async function send(
  test: TestApp,
  { method, path, access }: Operation,
  body: BodyInit,
  type: string,
) {
  const response = await test.request(path, {
    method,
    body,
    ...access === "runner" ? {} : { user: "alice", role: "admin" },
    headers: {
      "content-type": type,
      ...access === "runner" ? { authorization: `Bearer ${runnerToken}` } : {},
    },
  });
  return { status: response.status, text: await response.text() };
}

function assertUnpolluted(what: string) {
  assertEquals(Reflect.get({}, "polluted"), undefined, what);
  assertEquals(Reflect.get([], "polluted"), undefined, what);
}

const depth = 100_000;
const deep = [
  "[".repeat(depth),
  "[".repeat(depth) + "]".repeat(depth),
  `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
];

Deno.test("JSON that is 100,000 levels deep is refused on every operation, as JSON and in forms, and soon", async () => {
  await using test = await startWhole();
  for (const operation of await changing(test)) {
    const what = `${operation.method} ${operation.template}`;
    for (const text of deep) {
      const form = new URLSearchParams({
        tests: text,
        extra_apt_sources: text,
      });
      for (
        const [body, type] of [
          [text, types[0]],
          [`{"job_name":${text}}`, types[0]],
          [form.toString(), types[1]],
        ] as const
      ) {
        const started = performance.now();
        const answer = await send(test, operation, body, type ?? "");
        assert(answer.status < 500, `${what}: ${answer.status} ${answer.text}`);
        const took = performance.now() - started;
        assert(took < 5_000, `${what} took ${took} ms`);
      }
    }
  }
});

/** A body without end and without length, which says how much of it was read. */
function endless() {
  let readBytes = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      readBytes += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  }, { highWaterMark: 0 });
  return { stream, readBytes: () => readBytes };
}

Deno.test("no operation reads a body without end, whatever it is called and whether it says how long it is", async () => {
  await using test = await startWhole();
  for (const operation of await changing(test)) {
    for (const type of types) {
      const { stream, readBytes } = endless();
      const { status } = await send(test, operation, stream, type);
      const what = `${operation.method} ${operation.template} as ${type}`;
      assert(status < 500, `${what} answered ${status}`);
      // What does not mind its body may succeed, without having read it.
      if (status < 400) assert(readBytes() <= 65_536, what);
      assert(
        readBytes() <= 33 * 1024 * 1024,
        `${what} read ${readBytes()} bytes`,
      );
      await stream.cancel().catch(() => {});
    }
  }
});

/** Names that lead to what all objects share. */
const polluting = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '[{"__proto__":{"polluted":true},"package":"foo"}]',
  '{"job_name":"a","job_execution_type":"1","pod_spec_options":{"envs":{"__proto__":"x"},"labels":{"__proto__":{"polluted":true}},"annotations":{"constructor":{"prototype":{"polluted":true}}}}}',
  '{"name":"r","version":"1","offers":[{"__proto__":["polluted"],"constructor":["x"]}]}',
  '{"do":{"exit":0},"labels":{"__proto__":"polluted","constructor":"x"}}',
  '{"description":"x","__proto__":{"polluted":true}}',
];
const pollutingForms = [
  "__proto__[polluted]=true",
  "__proto__.polluted=true",
  "constructor[prototype][polluted]=true",
  ...polluting.map((json) => new URLSearchParams({ tests: json }).toString()),
];

Deno.test("no operation lets a body change what all objects share", async () => {
  await using test = await startWhole();
  for (const operation of await changing(test)) {
    const what = `${operation.method} ${operation.template}`;
    for (const body of polluting) {
      const answer = await send(test, operation, body, "application/json");
      assert(answer.status < 500, `${what}: ${answer.text}`);
      assertUnpolluted(`${what}: ${body}`);
    }
    for (const body of pollutingForms) {
      const type = "application/x-www-form-urlencoded";
      const { status } = await send(test, operation, body, type);
      assert(status < 500, what);
      const query = { ...operation, path: `${operation.path}?${body}` };
      assert((await send(test, query, "", type)).status < 500, what);
      assertUnpolluted(`${what}: ${body}`);
    }
  }
  for (const run of await test.app.store.runs.list({})) {
    assertEquals(Reflect.get(run.labels, "polluted"), undefined);
    assertEquals(Reflect.get(run.task, "polluted"), undefined);
  }
});

/** What only the server says of a run. */
const owned = {
  id: "01900000-0000-7000-8000-000000000000",
  number: 4711,
  run_id: 4711,
  state: "passed",
  status: "pass",
  job_status: "SUCCESS",
  attempt: 3,
  owner: 1,
  owner_name: "root",
  requestor: "root",
  requestor_id: 1,
  priority: 99,
  queue_key: "x",
  task: { do: { exit: 1 } },
  is_admin: true,
  permissions: ["*:*"],
};

Deno.test("nobody gives a run a state, an owner, a number or a rank that it must not have", async () => {
  await using test = await startWhole();
  await test.signIn("root");
  const json = (body: object, path: string) =>
    test.request(path, {
      method: "POST",
      user: "alice",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const form = (body: Record<string, string>, path: string) =>
    test.request(path, {
      method: "POST",
      user: "alice",
      body: new URLSearchParams(body),
    });
  const flat = Object.fromEntries(
    Object.entries(owned).map(([name, value]) => [name, String(value)]),
  );
  const { priority: _, ...unranked } = flat;
  const debci = "/api/v1/test/unstable/amd64";
  const answers = [
    await json({ do: { exit: 0 }, ...owned }, "/dummy/v1/runs"),
    await json(
      { job_name: "periodic-hello", job_execution_type: "1", ...owned },
      "/v1/executions",
    ),
    await json({ description: "x", ...owned }, "/api/v1/keys"),
    await form(flat, `${debci}/foo`),
    await form(unranked, `${debci}/foo`),
    await form(
      { tests: JSON.stringify([{ package: "foo", ...owned }]) },
      debci,
    ),
  ];
  for (const answer of answers) {
    assert(answer.status < 500, await answer.text());
    await answer.body?.cancel().catch(() => {});
  }
  const alice = await test.app.store.accounts.findByName("user", "alice");
  const runs = await test.app.store.runs.list({});
  assert(runs.length >= 1);
  for (const run of runs) {
    assertEquals(run.owner, { account: alice?.id, name: "alice" });
    assertEquals([run.attempt, run.runnerId, run.end], [0, null, null]);
    assert(run.number < 4711 && run.id !== owned.id);
    assert(run.priority <= 10, `the priority is ${run.priority}`);
    assertEquals(run.state, "queued");
  }
  assertEquals(alice?.permissions.includes("*:*"), false);
});
