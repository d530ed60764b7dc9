import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { End, Run } from "../core/run.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { readCatalogue } from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import { executionSchema } from "../plugins/backends/prow/execution.ts";
import prow from "../plugins/backends/prow/mod.ts";

/** The signed-in user of the tests. */
export const user = "alice";

/** Where executions are made and listed. */
export const collection = "/v1/executions";

/** Asks for the simplest job. */
export const hello = { job_name: "hello", job_execution_type: "1" };

/** A commit of the tests' repository. */
export const refs = { org: "o", repo: "r", base_ref: "main", base_sha: "s" };

/** A commit whose pulls pass. */
export const sha = "0123456789abcdef0123456789abcdef01234567";

const spec =
  `spec: {containers: [{image: i, command: [sh, -c], args: ["echo $GREETING"], env: [{name: GREETING, value: hi}]}]}`;

/** A periodic whose name is longer than a label's value may be. */
export const longJob = `periodic-${"long-".repeat(15)}name`;

const configuration = `
periodics:
- {name: hello, decorate: true, labels: {own: label}, ${spec}}
- {name: ${longJob}, cluster: build-2, ${spec}}
- {name: nightly, extra_refs: [{org: o, repo: r, base_ref: main}], ${spec}}
- {name: owned, prowjob_defaults: {tenant_id: team}, ${spec}}
presubmits:
  o/r:
  - {name: verify, branches: [^main$], ${spec}}
postsubmits:
  o/r:
  - {name: publish, branches: [main], ${spec}}
  - {name: publish, skip_branches: [main], ${spec}}
  - {name: twice, branches: [^main$], ${spec}}
  - {name: twice, branches: [main], ${spec}}
  - {name: cloned, path_alias: example.org/r, clone_uri: "https://git.example.org/r", clone_depth: 3, skip_submodules: true, ${spec}}
  https://host/repo/some/org/r:
  - {name: hosted, ${spec}}
  https://gerrit.example.org/tools:
  - {name: reviewed, ${spec}}
`;

/** Puts the jobs of the tests into an app's catalogue. */
export async function seedCatalogue(app: TestApp): Promise<void> {
  const files = [{ path: "test.yaml", text: configuration }];
  const { jobs, faults } = readCatalogue(files);
  assertEquals(faults, []);
  await importCatalogue(app.database, jobs, app.now);
}

/** An app that speaks Gangway's dialect, with a catalogue. */
export async function startGangway(
  options: Parameters<typeof prow>[0] = {},
): Promise<TestApp> {
  const app = await startTestApp([prow(options)]);
  await seedCatalogue(app);
  return app;
}

/** Sends a body, JSON unless it is text already. */
export async function post(
  app: TestApp,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await app.request(path, {
    user,
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** Sends a request as the tests' user. */
export async function get(app: TestApp, path: string): Promise<Response> {
  return await app.request(path, { user });
}

/** The run behind an execution. */
export async function runOf(app: TestApp, id: string): Promise<Run> {
  const run = await app.app.store.runs.find(id);
  if (run === null) throw new Error(`there is no run ${id}`);
  return run;
}

/** Stores many executions like the one of an id, in one write. */
export async function multiply(app: TestApp, id: string, times: number) {
  const { account } = await app.app.store.accounts.ensure("user", user, []);
  const model = await runOf(app, id);
  return await app.app.store.runs.submit(
    "prow",
    { account: account.id, name: account.name },
    Array.from({ length: times }, () => model),
  );
}

/** Takes the oldest waiting execution up as a runner does, and says how it ended when it did. */
export async function attempt(app: TestApp, end?: End): Promise<void> {
  const { runners, attempts } = app.app.store;
  const runnerId = crypto.randomUUID();
  const attemptToken = crypto.randomUUID();
  await runners.register({
    id: runnerId,
    name: "r",
    offers: [],
    token: crypto.randomUUID(),
    version: "0",
  });
  const run = await attempts.claim({
    runnerId,
    claimId: crypto.randomUUID(),
    attemptToken,
    offers: [{ backend: ["prow"], cluster: ["*"] }],
  });
  if (run === null) throw new Error("nothing waits");
  const fence = { runId: run.id, attemptToken };
  await attempts.start(fence);
  if (end) await attempts.finish(fence, end, prow().outcome(end));
}

/** The app on a port of its own, for clients that are not ours. */
export function serveApp(
  app: TestApp,
): AsyncDisposable & { readonly url: string; readonly port: number } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.app.fetch(request),
  );
  const { port } = server.addr;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const one = executionSchema.strict();
const many = z.strictObject({ job_execution: z.array(one) });

/** The execution that an answer shows, which must be whole and hold nothing else. */
export async function created(response: Response) {
  const text = await response.text();
  assertEquals([response.status, text.at(-1)], [200, "\n"], text);
  assertEquals(response.headers.get("content-type"), "application/json");
  return one.parse(JSON.parse(text));
}

/** The executions of a list. */
export async function listed(app: TestApp, query = "") {
  const response = await app.request(`/v1/executions${query}`, { user });
  assertEquals(response.status, 200);
  return many.parse(await response.json()).job_execution;
}

/** A refusal, which must say the same in headers and body. */
export async function refused(response: Response) {
  const text = await response.text();
  const { code, message } = z.strictObject({
    code: z.number(),
    message: z.string(),
    details: z.array(z.never()),
  }).parse(JSON.parse(text));
  assertEquals(response.headers.get("grpc-status"), String(code));
  assertEquals(
    decodeURIComponent(response.headers.get("grpc-message") ?? ""),
    message,
  );
  return { status: response.status, code, message };
}
