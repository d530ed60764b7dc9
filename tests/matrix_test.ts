/** Every operation that there is, with every kind of caller that there is. */
import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { registrationSchema } from "../core/protocol.ts";
import { runnerToken, type TestApp } from "./app.ts";
import { type Operation, operations, startWhole } from "./operations.ts";

type Role = keyof typeof roles;

const reading: readonly Role[] = ["viewer", "trigger", "owner", "admin"];
const triggering: readonly Role[] = ["trigger", "owner", "admin"];
const administering: readonly Role[] = ["admin"];
const everybody: readonly Role[] = [...reading, "runner"];

/** Who may ask for what. A permission that is not here fails the tests below: say who has it. */
const mayAsk: Readonly<Record<string, readonly Role[]>> = {
  "signed-in": everybody,
  "runs:read": reading,
  "runs:cancel": triggering,
  "runs:create": triggering,
  "runs:admin": administering,
  "accounts:manage": administering,
  "dummy:read": reading,
  "dummy:create": triggering,
  "dummy:cancel": triggering,
  "executions:read": reading,
  "executions:create": triggering,
  "executions:cancel": triggering,
  "jobs:read": reading,
  "tests:read": reading,
  "tests:create": triggering,
  "keys:read": reading,
  "runners:read": reading,
  "runners:manage": administering,
  "audit:read_all": administering,
  "tokens:manage": ["owner", "admin"],
  "tokens:admin": administering,
  "reject_list:admin": administering,
};

/** What a refused body or path is never answered with. */
const lacking = /the permission [a-z_]+:[a-z_]+ is missing/;

async function ask(
  test: TestApp,
  { method, path }: Operation,
  caller: Parameters<TestApp["request"]>[1],
) {
  const response = await test.request(path, {
    ...caller,
    method,
    body: method === "GET" ? null : "{}",
  });
  const text = response.headers.get("content-type") === "text/event-stream"
    ? ""
    : await response.text();
  await response.body?.cancel().catch(() => {});
  return { status: response.status, text };
}

Deno.test("every operation has a rule that says who may ask for it", async () => {
  await using test = await startWhole();
  const ruled = (access = "") =>
    ["public", "runner"].includes(access) || Object.hasOwn(mayAsk, access);
  const missing = (await operations(test)).filter(({ access }) =>
    !ruled(access)
  );
  assertEquals(
    missing.map(({ method, template, access }) =>
      `${method} ${template} ${access}`
    ),
    [],
  );
});

for (const role of ["viewer", "trigger", "owner", "admin", "runner"] as const) {
  Deno.test(`what the role ${role} may not do is a 403 on every operation, what it may do is not`, async () => {
    await using test = await startWhole();
    for (const operation of await operations(test)) {
      const { access = "", method, template } = operation;
      if (access === "public" || access === "runner") continue;
      const { status, text } = await ask(test, operation, {
        user: "alice",
        role,
      });
      const what = `${role}: ${method} ${template} answered ${status}: ${text}`;
      if (mayAsk[access]?.includes(role)) {
        assert(status !== 401 && !lacking.test(text), what);
      } else {
        assert(status === 403 && lacking.test(text), what);
      }
      assert(status < 500, what);
    }
  });
}

Deno.test("a runner's token and the registration token are nobody's on every operation that is not for runners", async () => {
  await using test = await startWhole();
  const registered = await test.request("/runner/v1/register", {
    method: "POST",
    headers: {
      authorization: `Bearer ${runnerToken}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ name: "r", version: "1", offers: [{}] }),
  });
  const { token } = registrationSchema.parse(await registered.json());
  for (const operation of await operations(test)) {
    if (["public", "runner"].includes(operation.access ?? "")) continue;
    for (const bearer of [token, runnerToken]) {
      const headers = { authorization: `Bearer ${bearer}` };
      const { status, text } = await ask(test, operation, { headers });
      const what = `${operation.method} ${operation.template}: ${status}`;
      assert(status === 401 || status === 403, what);
      assert(!text.includes(bearer), what);
    }
  }
});

Deno.test("who is signed in as a person is nobody on every operation for runners", async () => {
  await using test = await startWhole();
  const forRunners = (await operations(test)).filter(({ access }) =>
    access === "runner"
  );
  assert(forRunners.length >= 9);
  for (const operation of forRunners) {
    const { status } = await ask(test, operation, {
      user: "root",
      role: "admin",
    });
    assertEquals(status, 401, `${operation.method} ${operation.template}`);
  }
});

/** A private run of alice's, with a word in its job, its request and its log that nobody else may see. */
const mark = "c0nf1dent1al";

async function seedPrivate(test: TestApp) {
  await test.signIn("alice");
  const { store } = test.app;
  const { accounts, runs, attempts, logs, artifacts } = store;
  const runner = { id: "r", name: "r", offers: [], version: "1", token: "t" };
  await store.runners.register(runner);
  const account = await accounts.findByName("user", "alice");
  assert(account);
  const owner = { account: account.id, name: account.name };
  // Numbers that are nothing else's.
  await test.database.batch([
    sql`insert into sqlite_sequence (name, seq) values ('run', 7000000)`,
  ]);
  const made = [];
  for (const backend of ["dummy", "prow", "autopkgtest"]) {
    const request = {
      job_name: mark,
      job_type: "periodic",
      job_execution_type: "1",
      package: mark,
      suite: "unstable",
      arch: "amd64",
      trigger: mark,
    };
    const [run] = await runs.submit(backend, owner, [{
      job: mark,
      request,
      task: { do: {}, mark },
      labels: { backend },
      isPrivate: true,
    }]);
    assert(run);
    const claim = {
      runnerId: "r",
      claimId: crypto.randomUUID(),
      attemptToken: run.id,
      offers: [{ backend: [backend] }],
    };
    await attempts.claim(claim);
    const fence = { runId: run.id, attemptToken: run.id };
    await attempts.start(fence);
    await logs.append(fence, 0, new TextEncoder().encode(`${mark}\n`));
    const blob = { path: mark, sizeBytes: 1, sha256: "0".repeat(64) };
    await artifacts.keep(fence, { ...blob, contentType: "text/plain" });
    made.push(run);
  }
  return made;
}

/** The parameters that a path or a query may name a run by. */
function named(
  { template }: Operation,
  id: string,
): string {
  return template.replaceAll(
    /[{:](\w+)(\{[^}]+\})?\}?/g,
    (_, name) =>
      name === "path" || name === "package" || /job/.test(name)
        ? mark
        : name === "suite"
        ? "unstable"
        : name === "arch"
        ? "amd64"
        : id,
  );
}

function withoutEcho(text: string, ...echoed: readonly string[]): string {
  return echoed.reduce((all, each) => all.replaceAll(each, "ECHO"), text)
    .replace(/"requestId":"[^"]*"/, "")
    // A form that makes something names itself anew each time.
    .replace(/name="form_id" value="[^"]*"/, "");
}

Deno.test("somebody else's private run does not exist on any route: by id, number, job, list, log, artifact, badge, stream, retry", async () => {
  await using test = await startWhole();
  const secrets = await seedPrivate(test);
  const absent = {
    id: "01900000-0000-7000-8000-000000000000",
    number: 7999999,
  };
  let asked = 0;
  for (const operation of await operations(test)) {
    const { method, access = "" } = operation;
    if (access === "runner" || access === "public") continue;
    for (const { id, number } of secrets) {
      const queries = (run: { id: string; number: number }) => [
        "",
        `?prowjob=${run.id}`,
        `?job=${mark}&id=${run.number}`,
        `?job=${mark}`,
        `?jobs=${mark}`,
        `?package=${mark}`,
        `?since=0`,
      ];
      const ways = queries({ id, number }).flatMap((query, at) => [
        [
          `${named(operation, id)}${query}`,
          `${named(operation, absent.id)}${queries(absent)[at]}`,
        ],
        [
          `${named(operation, String(number))}${query}`,
          `${named(operation, String(absent.number))}${queries(absent)[at]}`,
        ],
      ]);
      for (const [path = "", nowhere = ""] of ways) {
        // What makes runs makes new ones, of its own: no secret in that.
        if (access.endsWith(":create") && !path.includes("rerun")) continue;
        const init = { user: "mallory", role: "trigger" as const };
        const real = await ask(test, { ...operation, path }, init);
        const none = await ask(test, { ...operation, path: nowhere }, init);
        asked++;
        const said = withoutEcho(real.text, id, mark, `${number}`);
        const saidOfNone = withoutEcho(
          none.text,
          absent.id,
          mark,
          `${absent.number}`,
        );
        assertEquals(
          [method, path, real.status, said],
          [method, path, none.status, saidOfNone],
        );
        if (real.status < 300) {
          assert(!real.text.includes(id), `${method} ${path}: ${real.text}`);
        }
      }
    }
  }
  assert(asked > 500, `${asked} were asked`);
  const states = await Promise.all(
    secrets.map(async ({ id }) => (await test.app.store.runs.find(id))?.state),
  );
  assertEquals(states, ["running", "running", "running"]);
  const list = z.object({ runs: z.array(z.unknown()) });
  const own = await test.request("/v1/runs", { user: "alice" });
  assertEquals(list.parse(await own.json()).runs.length, 3);
});
