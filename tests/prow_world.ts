import * as z from "zod";
import type { Executor } from "../core/executor.ts";
import {
  type Catalogue,
  readCatalogue,
} from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import {
  type Execution,
  executionSchema,
} from "../plugins/backends/prow/execution.ts";
import { process } from "../plugins/backends/prow/executor.ts";
import { readJobFolder } from "../plugins/backends/prow/job_folder.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { eventually } from "./eventually.ts";
import { post, serveApp, user } from "./gangway.ts";
import { root } from "./paths.ts";
import { startTestRunner } from "./runner_rig.ts";

const intervals = {
  claimWaitSeconds: 1,
  heartbeatSeconds: 0.1,
  leaseSeconds: 5,
  ackSeconds: 5,
  logFlushMs: 10,
};

const artifactsSchema = z.object({
  artifacts: z.array(z.object({ path: z.string() })),
});

/** A server that speaks Gangway, and a runner beside it. */
export type ProwWorld = AsyncDisposable & {
  readonly app: TestApp;
  show(id: string): Promise<Execution>;
  log(id: string): Promise<string>;
  create(body: unknown): Promise<Execution>;
  /** The execution when it has ended. */
  ended(id: string, patienceMs?: number): Promise<Execution>;
  /** What is kept of it, by path. */
  artifacts(id: string): Promise<string[]>;
  artifact(id: string, path: string): Promise<string>;
};

/** Starts them with the catalogue of examples/jobs, or with a text of job configuration. */
export async function startProwWorld(
  options: {
    readonly configuration?: string;
    readonly env?: Record<string, string>;
    readonly executor?: Executor;
  } = {},
): Promise<ProwWorld> {
  const { configuration, env = {}, executor = process } = options;
  const app = await startTestApp([prow()], { now: Date.now, intervals });
  const { jobs } = await read(configuration);
  await importCatalogue(app.database, jobs, app.now);
  const server = serveApp(app);
  const runner = startTestRunner(server.url, {
    executors: [executor],
    env: { PATH: Deno.env.get("PATH") ?? "", ...env },
  });
  const get = async (path: string) =>
    await (await app.request(path, { user })).text();
  const show = async (id: string) =>
    executionSchema.parse(JSON.parse(await get(`/v1/executions/${id}`)));
  return {
    app,
    show,
    log: (id) => get(`/v1/runs/${id}/log`),
    async create(body) {
      const response = await post(app, "/v1/executions", body);
      return executionSchema.parse(await response.json());
    },
    async ended(id, patienceMs) {
      await eventually(
        async () => (await show(id)).completion_time !== undefined,
        `execution ${id} does not end`,
        patienceMs,
      );
      return await show(id);
    },
    async artifacts(id) {
      const text = await get(`/v1/runs/${id}/artifacts`);
      return artifactsSchema.parse(JSON.parse(text)).artifacts
        .map(({ path }) => path);
    },
    artifact: (id, path) => get(`/v1/runs/${id}/artifacts/${path}`),
    async [Symbol.asyncDispose]() {
      await runner[Symbol.asyncDispose]();
      app.app.close();
      await server[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

async function read(configuration: string | undefined): Promise<Catalogue> {
  if (configuration !== undefined) {
    return readCatalogue([{ path: "jobs.yaml", text: configuration }]);
  }
  return readCatalogue((await readJobFolder([`${root}/examples/jobs`])).texts);
}
