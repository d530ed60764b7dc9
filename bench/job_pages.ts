/**
 * How long a reader waits for the HTML of the pages of Prow's jobs, over
 * catalogues as large as those in use and 100,000 runs, on the embedded store.
 * CPU time is that of the reader too, who is in the same process.
 *
 * `deno run -A bench/job_pages.ts [DIR]`: with the job configuration of a
 * folder, and with 20,000 made-up jobs.
 *
 * @module
 */
import process from "node:process";
import { systemIds } from "../core/id.ts";
import { openEmbedded } from "../db/embedded.ts";
import { RunStore } from "../db/run_store.ts";
import {
  joinFiles,
  readCatalogue,
} from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import type { Job } from "../plugins/backends/prow/job.ts";
import {
  findJobFiles,
  loadJobFile,
} from "../plugins/backends/prow/job_folder.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { jobPath } from "../plugins/backends/prow/pages/job_path.ts";
import { print } from "../scripts/script.ts";
import { startTestApp, type TestApp } from "../tests/app.ts";
import { distributionOf } from "./distribution.ts";

const runs = 100_000;
const runsPerWrite = 5_000;
const warmUps = 10;
const repetitions = 200;

const [folder] = Deno.args;
const catalogues = [
  ...folder === undefined ? [] : [await readFolder(folder)],
  makeJobs(20_000),
];
for (const jobs of catalogues) await measure(jobs);

async function measure(jobs: readonly Job[]): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "slipway-bench-" });
  try {
    // Ted may use but one tenant, so that the catalogue is narrowed for him.
    const backend = prow({ tenants: { "user:ted": ["few"], "*": ["*"] } });
    await using app = await startTestApp([backend], {
      database: openEmbedded(`${directory}/slipway.db`),
    });
    await importCatalogue(app.database, jobs, Date.now);
    const busy = await fill(app, jobs);
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => app.app.fetch(request),
    );
    print(`
${jobs.length} jobs, ${runs} runs

| page                                     | fastest | p50 ms | p99 ms | CPU p50 | CPU p99 |  kB |
| ---------------------------------------- | ------- | ------ | ------ | ------- | ------- | --- |`);
    const url = `http://127.0.0.1:${server.addr.port}`;
    const path = jobPath(busy);
    for (
      const [user, each] of [
        ["alice", "/jobs"],
        ["alice", "/jobs?name=e2e"],
        ["alice", "/jobs?name=*-e2e-*gce*"],
        ["alice", "/jobs?name=no-such-job"],
        ["alice", "/jobs?type=postsubmit&repo=tools"],
        ["alice", "/jobs?cluster=no-such-cluster"],
        ["ted", "/jobs?cluster=default"],
        ["alice", path],
        ["alice", `${path}?before=${runs / 2}`],
        ["alice", `${path}?above=${runs / 2}`],
      ] as const
    ) {
      const name = each.replace(path, "/jobs/NAME") +
        (user === "ted" ? " (one tenant)" : "");
      await row(url + each, name, await app.signIn(user));
    }
    await server.shutdown();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function row(
  url: string,
  name: string,
  headers: Record<string, string>,
): Promise<void> {
  const [samples, cpu]: [number[], number[]] = [[], []];
  let bytes = 0;
  for (let turn = -warmUps; turn < repetitions; turn++) {
    const [begun, cpuBegun] = [performance.now(), process.cpuUsage()];
    const answer = await fetch(url, {
      headers: { ...headers, accept: "text/html" },
    });
    bytes = (await answer.arrayBuffer()).byteLength;
    const { user, system } = process.cpuUsage(cpuBegun);
    if (turn >= 0) {
      samples.push(performance.now() - begun);
      cpu.push((user + system) / 1000);
    }
    if (answer.status === 200) continue;
    throw new Error(`Cannot measure ${name}: it answers ${answer.status}`);
  }
  const { min, p50, p99 } = distributionOf(samples);
  const used = distributionOf(cpu);
  print(`| ${
    [
      name.padEnd(40),
      min.toFixed(1).padStart(7),
      p50.toFixed(1).padStart(6),
      p99.toFixed(1).padStart(6),
      used.p50.toFixed(1).padStart(7),
      used.p99.toFixed(1).padStart(7),
      (bytes / 1000).toFixed(0).padStart(3),
    ].join(" | ")
  } |`);
}

/** Half of the runs are of one job, whose name comes back; the others of all jobs in turn. */
async function fill(app: TestApp, jobs: readonly Job[]): Promise<string> {
  const { account } = await app.app.store.accounts.ensure("user", "al", []);
  const owner = { account: account.id, name: account.name };
  const store = new RunStore(app.database, Date.now, systemIds(Date.now));
  const names = jobs.map(({ definition }) => definition.name);
  const [busy = ""] = names;
  for (let from = 0; from < runs; from += runsPerWrite) {
    await store.submit(
      "prow",
      owner,
      Array.from({ length: runsPerWrite }, (_, at) => ({
        job: at % 2 === 0 ? busy : names[(from + at) % names.length] ?? busy,
        request: { type: "periodic", refs: null },
        task: {},
        labels: { backend: "prow", cluster: "default" },
        outcome: {
          state: at % 7 === 0 ? "failed" as const : "passed" as const,
          message: "Job ended.",
        },
      })),
    );
  }
  return busy;
}

async function readFolder(path: string): Promise<readonly Job[]> {
  const { files } = await findJobFiles([path]);
  return joinFiles(await Array.fromAsync(files, loadJobFile)).jobs;
}

/** Jobs as OpenShift's generator names them, each of a branch of a repository. */
function makeJobs(count: number): readonly Job[] {
  const presubmits: Record<string, unknown[]> = {};
  for (let at = 0; at < count; at++) {
    const place = `openshift/repository-${at % 400}`;
    const jobs = presubmits[place] ??= [];
    jobs.push({
      name: `pull-ci-openshift-repository-${at % 400}-release-4.${
        at % 22
      }-e2e-aws-${at}`,
      branches: [`^release-4\\.${at % 22}$`],
      decorate: true,
      cluster: `build${at % 12}`,
      spec: {
        containers: [{
          image: "ci-operator:latest",
          command: ["ci-operator"],
          args: [
            "--gcs-upload-secret=/secrets/gcs/service-account.json",
            "--image-import-pull-secret=/etc/pull-secret/.dockerconfigjson",
            "--report-credentials-file=/etc/report/credentials",
            `--target=e2e-aws-${at}`,
          ],
        }],
      },
    });
  }
  const text = JSON.stringify({ presubmits });
  return readCatalogue([{ path: "made-up.yaml", text }]).jobs;
}
