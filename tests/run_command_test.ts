import { assert, assertEquals } from "@std/assert";
import { roles } from "../core/permission.ts";
import type { Run } from "../core/run.ts";
import { insertAuthKey } from "../plugins/auth/auth_key/key.ts";
import authKey from "../plugins/auth/auth_key/mod.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { refs, seedCatalogue, serveApp, sha } from "./gangway.ts";
import { readPage } from "./pages.ts";

const user = "alice";

/** What a request may hold that a shell, a URL or JSON would take for something else. */
const hostile =
  `it's $(id) \`id\` "q" \\ & = % # @/etc/passwd\n\u001b[31m\u202eé漢 <b>`;

/** A served app of both dialects, and a user's credentials for each. */
async function start() {
  const signingKey = await generateSigningKey();
  const app = await startTestApp([
    prow(),
    autopkgtest({
      extraAptSources: { "bar-source": { entry: "deb http://x y main" } },
    }),
  ], { auth: [bearer({ signingKey }), authKey()], now: Date.now });
  await seedCatalogue(app);
  const { account } = await app.app.store.accounts.ensure(
    "user",
    user,
    roles.trigger,
  );
  const key = crypto.randomUUID();
  const { token, insert } = await issueToken({
    key: await importSigningKey(signingKey),
    issuer: defaultIssuer,
    account,
    jti: crypto.randomUUID(),
    now: app.now(),
    expiresAt: null,
    scopes: null,
    description: "",
  });
  const id = crypto.randomUUID();
  const now = app.now();
  await app.database.batch([
    insert,
    await insertAuthKey({ id, account: account.id, key, name: "", now }),
  ]);
  const server = serveApp(app);
  return {
    app,
    url: server.url,
    /** What a shell makes of a command. */
    async shell(command: string): Promise<string> {
      const { stdout, stderr, success } = await new Deno.Command("sh", {
        args: [
          "-c",
          `curl() { command curl --fail-with-body "$@"; }\n${command}`,
        ],
        env: { TOKEN: token, KEY: key, no_proxy: "127.0.0.1" },
      }).output();
      const decoder = new TextDecoder();
      const output = decoder.decode(stdout);
      assert(success, `${command}\n${output}${decoder.decode(stderr)}`);
      return output;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** Asks for a run, and gives the two: it, and the one that the command on its page makes. */
async function repeat(
  world: Awaited<ReturnType<typeof start>>,
  path: string,
  body: string | URLSearchParams,
): Promise<readonly [Run, Run]> {
  const { app, url, shell } = world;
  const made = await app.request(path, { method: "POST", user, body });
  assertEquals(made.ok, true, await made.text());
  const run = await newest(app);
  // Asked for under the server's own address, as a browser does.
  const page = await readPage(
    {
      app: {
        ...app,
        request: (to, init) => app.request(new URL(to, url).href, init),
      },
    },
    `/runs/${run.number}`,
    user,
  );
  const command = page.document.getElementById("command")?.textContent ?? "";
  await shell(command);
  const again = await newest(app);
  assertEquals(again.number, run.number + 1);
  return [run, again];
}

async function newest(app: TestApp): Promise<Run> {
  const [run] = await app.app.store.runs.list({ limit: 1 });
  if (run === undefined) throw new Error("No run was made");
  return run;
}

/** What two runs for the same have in common. */
function asked(run: Run) {
  const { backend, job, request, task, labels, priority, isPrivate } = run;
  return { backend, job, request, task, labels, priority, isPrivate };
}

const executions = {
  "a periodic": { job_name: "hello", job_execution_type: "PERIODIC" },
  "environment, labels and annotations": {
    job_name: "hello",
    job_execution_type: "1",
    pod_spec_options: {
      envs: { MESSAGE: hostile, EMPTY_LIST: "[]", N: "0" },
      labels: { "example.org/label": "value" },
      annotations: { "example.org/note": hostile },
    },
  },
  "a pull request": {
    job_name: "verify",
    job_execution_type: "PRESUBMIT",
    refs: {
      ...refs,
      base_link: hostile,
      pulls: [{ number: 7, author: hostile, sha, title: hostile, link: "" }],
      clone_depth: 3,
      skip_submodules: true,
    },
  },
  "a commit": { job_name: "cloned", job_execution_type: "POSTSUBMIT", refs },
};
for (const [name, body] of Object.entries(executions)) {
  Deno.test(`the command on an execution's page makes the same again: ${name}`, async () => {
    await using world = await start();
    const [run, again] = await repeat(
      world,
      "/v1/executions",
      JSON.stringify(body),
    );
    assertEquals(asked(again), asked(run));
  });
}

const tests: Record<string, [string, Record<string, string>]> = {
  "one test": ["/api/v1/test/unstable/amd64/hello", {}],
  "a private one": ["/api/v1/test/testing/arm64/hello", {
    is_private: "true",
    priority: "9",
  }],
  "trigger, pins and sources": ["/api/v1/test/unstable/amd64", {
    priority: "2",
    tests: JSON.stringify([{
      package: "libfoo++1.0",
      trigger: hostile,
      "pin-packages": [["src:bar", "baz,qux", "testing"]],
      "extra-apt-sources": ["bar-source"],
    }]),
  }],
};
for (const [name, [path, fields]] of Object.entries(tests)) {
  Deno.test(`the command on a package test's page makes the same again: ${name}`, async () => {
    await using world = await start();
    const [run, again] = await repeat(world, path, new URLSearchParams(fields));
    assertEquals(asked(again), asked(run));
  });
}
