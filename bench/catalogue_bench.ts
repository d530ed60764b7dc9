/**
 * What it takes to replace the catalogue of Prow jobs: find the files, read
 * and check them, merge presets, and write all of it at once. 4,000 made-up
 * jobs, and the public configuration of Kubernetes where it lies beside the
 * checkout.
 *
 * @module
 */
import { openEmbedded } from "../db/embedded.ts";
import { migrate } from "../db/migrate.ts";
import { joinFiles } from "../plugins/backends/prow/catalogue.ts";
import { importCatalogue } from "../plugins/backends/prow/catalogue_store.ts";
import {
  findJobFiles,
  loadJobFile,
} from "../plugins/backends/prow/job_folder.ts";
import prow from "../plugins/backends/prow/mod.ts";
import { root } from "../tests/paths.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const database = openEmbedded(`${folder}/slipway.db`);
const { migrations } = prow();
await migrate(database, [{ owner: "prow", migrations }], Date.now);

const madeUp = `${folder}/jobs`;
await makeJobs(madeUp, { files: 400, jobsPerFile: 10 });
const real = `${root}/../shared/data/prow/jobs`;
const isThere = await Deno.stat(real).then(() => true, () => false);

for (const path of isThere ? [madeUp, real] : [madeUp]) {
  const { jobs } = await readAll(path);
  Deno.bench({
    name: `import of ${jobs.length} ${path === real ? "real" : "made-up"} jobs`,
    n: 5,
    warmup: 1,
    fn: async () => {
      const { jobs } = await readAll(path);
      await importCatalogue(database, jobs, Date.now);
    },
  });
}

async function readAll(path: string) {
  const { files } = await findJobFiles([path]);
  return joinFiles(await Array.fromAsync(files, loadJobFile));
}

/** A preset in every file, and jobs as generators write them. */
async function makeJobs(
  path: string,
  { files, jobsPerFile }: { files: number; jobsPerFile: number },
): Promise<void> {
  await Deno.mkdir(path);
  for (let file = 0; file < files; file++) {
    const jobs = Array.from(
      { length: jobsPerFile },
      (_, index) => job(`pull-${file}-${index}`, file),
    );
    await Deno.writeTextFile(
      `${path}/${file}.yaml`,
      `presets:\n- labels: {preset-${file}: "true"}\n  env:\n  - {name: PRESET, value: "${file}"}\npresubmits:\n  org/repo-${file}:\n${
        jobs.join("")
      }`,
    );
  }
}

function job(name: string, file: number): string {
  return `  - name: ${name}
    cluster: build
    decorate: true
    always_run: false
    optional: true
    skip_report: false
    max_concurrency: 4
    run_if_changed: ^(cmd|pkg|test)/
    branches:
    - ^main$
    - ^release-\\d+\\.\\d+$
    labels:
      preset-${file}: "true"
      team: storage
    annotations:
      testgrid-dashboards: storage-presubmits
      testgrid-tab-name: ${name}
      description: Runs the storage tests against a cluster of three nodes.
    decoration_config:
      timeout: 3h
      grace_period: 15m
    extra_refs:
    - org: org
      repo: infra
      base_ref: main
      path_alias: example.org/infra
    spec:
      containers:
      - name: test
        image: registry.example.org/ci/runner:v20260101-0123456789
        command:
        - runner.sh
        args:
        - ./hack/test.sh
        - --focus=Storage
        - --parallel=8
        env:
        - name: CLUSTER_TYPE
          value: small
        - name: GOMAXPROCS
          value: "4"
        resources:
          limits:
            cpu: 4
            memory: 8Gi
          requests:
            cpu: 4
            memory: 8Gi
        securityContext:
          privileged: true
`;
}
