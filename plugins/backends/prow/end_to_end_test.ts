import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startTestApp } from "../../../tests/app.ts";
import { eventually } from "../../../tests/eventually.ts";
import { root } from "../../../tests/paths.ts";
import { startTestRunner } from "../../../tests/runner_rig.ts";
import { readCatalogue } from "./catalogue.ts";
import { importCatalogue } from "./catalogue_store.ts";
import { executionSchema } from "./execution.ts";
import { process } from "./executor.ts";
import { readJobFolder } from "./job_folder.ts";
import prow from "./mod.ts";
import { post, sha, user } from "../../../tests/gangway.ts";

const intervals = {
  claimWaitSeconds: 1,
  heartbeatSeconds: 0.1,
  leaseSeconds: 5,
  ackSeconds: 5,
  logFlushMs: 10,
};

/** A server with the catalogue of examples/jobs, and a runner with prow:process. */
async function start() {
  const app = await startTestApp([prow()], { now: Date.now, intervals });
  const { texts } = await readJobFolder([`${root}/examples/jobs`]);
  await importCatalogue(app.database, readCatalogue(texts).jobs, app.now);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.app.fetch(request),
  );
  const runner = startTestRunner(`http://127.0.0.1:${server.addr.port}`, {
    executors: [process],
    env: { PATH: Deno.env.get("PATH") ?? "" },
  });
  const show = async (id: string) =>
    executionSchema.parse(
      await (await app.request(`/v1/executions/${id}`, { user })).json(),
    );
  return {
    app,
    show,
    async log(id: string) {
      return await (await app.request(`/v1/runs/${id}/log`, { user })).text();
    },
    async create(body: unknown) {
      const response = await post(app, "/v1/executions", body);
      return executionSchema.parse(await response.json());
    },
    async ended(id: string) {
      await eventually(
        async () => (await show(id)).completion_time !== undefined,
        `execution ${id} does not end`,
      );
      return await show(id);
    },
    async [Symbol.asyncDispose]() {
      await runner[Symbol.asyncDispose]();
      app.app.close();
      await server.shutdown();
      await app[Symbol.asyncDispose]();
    },
  };
}

const refs = { org: "example", repo: "hello", base_ref: "main", base_sha: "b" };

const jobs: readonly (readonly [string, unknown, string, RegExp])[] = [
  [
    "a periodic succeeds",
    { job_name: "periodic-hello", job_execution_type: "1" },
    "SUCCESS",
    /^Hello from periodic-hello, build 1\n$/,
  ],
  [
    "gangway 57: a periodic gets the envs of the request",
    {
      job_name: "periodic-hello",
      job_execution_type: "1",
      pod_spec_options: { envs: { GREETING: "Salut", JOB_NAME: "mine" } },
    },
    "SUCCESS",
    /^Salut from periodic-hello, build 1\n$/,
  ],
  [
    "a failing periodic fails",
    { job_name: "periodic-failing", job_execution_type: "1" },
    "FAILURE",
    /^1 of 3 checks failed\n$/,
  ],
  [
    "a presubmit knows its pull and its presets",
    {
      job_name: "pull-hello-verify",
      job_execution_type: "PRESUBMIT",
      refs: { ...refs, pulls: [{ number: 5, sha }] },
    },
    "SUCCESS",
    RegExp(`^Verifying pull 5 at ${sha} against main, green\n$`),
  ],
  [
    "gangway 53: a postsubmit is the one of its branch",
    {
      job_name: "post-hello-publish",
      job_execution_type: "POSTSUBMIT",
      refs: { ...refs, base_ref: "release-1.2" },
    },
    "SUCCESS",
    /^Publishing release branch release-1.2\n$/,
  ],
];

for (const [name, body, status, log] of jobs) {
  Deno.test(`${name}, run by a real runner`, async () => {
    await using world = await start();
    const { id } = await world.create(body);
    const execution = await world.ended(id);
    assertEquals(execution.job_status, status);
    assertMatch(execution.job_url, RegExp(`^http://.*/v1/runs/${id}$`));
    assertMatch(await world.log(id), log);
  });
}

Deno.test("gangway 67: the URL is there while the job runs; cancelled, it is ABORTED", async () => {
  await using world = await start();
  const { id } = await world.create({
    job_name: "periodic-slow",
    job_execution_type: "1",
  });
  await eventually(
    async () => (await world.log(id)).includes("second 1"),
    "the job does not begin",
  );
  const running = await world.show(id);
  assertEquals(running.job_status, "PENDING");
  assertMatch(running.job_url, /\/v1\/runs\//);
  await world.app.request(`/v1/runs/${id}/cancel`, { user, method: "POST" });
  assertEquals((await world.ended(id)).job_status, "ABORTED");
});

Deno.test("a job that cannot start ends as ERROR, with the reason in its log", async () => {
  await using world = await start();
  const text =
    "periodics: [{name: odd, spec: {containers: [{command: [no-such-command]}]}}]";
  const { jobs } = readCatalogue([{ path: "odd.yaml", text }]);
  await importCatalogue(world.app.database, jobs, world.app.now);
  const { id } = await world.create({
    job_name: "odd",
    job_execution_type: "1",
  });
  assertEquals((await world.ended(id)).job_status, "ERROR");
  assertStringIncludes(await world.log(id), 'Cannot run "no-such-command"');
});
