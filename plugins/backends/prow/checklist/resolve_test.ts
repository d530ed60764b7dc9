import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertObjectMatch,
} from "@std/assert";
import {
  collection,
  created,
  get,
  hello,
  post,
  refs,
  refused,
  runOf,
  sha,
  startGangway,
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { readCatalogue } from "../catalogue.ts";
import { importCatalogue } from "../catalogue_store.ts";
import { checkLines } from "../../../../tests/checklist.ts";

const publish = { job_name: "publish", job_execution_type: 2, refs };
const pulls = [{ number: 5, sha }];
const verify = {
  job_name: "verify",
  job_execution_type: 3,
  refs: { ...refs, pulls },
};

async function create(app: TestApp, body: unknown) {
  return await created(await post(app, collection, body));
}

/** The task of the run that a body makes. */
async function taskOf(app: TestApp, body: unknown) {
  return (await runOf(app, (await create(app, body)).id)).task;
}

/** A refusal that is Gangway's 500 when strict. */
async function refusesUnlessStrict(
  app: TestApp,
  body: unknown,
  status: number,
  message: string,
) {
  const refusal = await refused(await post(app, collection, body));
  assertEquals([refusal.status, refusal.message], [status, message]);
  await using strict = await startGangway({ strict: true });
  assertEquals(await refused(await post(strict, collection, body)), {
    status: 500,
    code: 2,
    message,
  });
}

const onBranch = (body: typeof publish, base_ref: string) => ({
  ...body,
  refs: { ...body.refs, base_ref },
});

/** Replaces the catalogue. */
async function configure(app: TestApp, text: string) {
  const { jobs, faults } = readCatalogue([{ path: "test.yaml", text }]);
  assertEquals(faults, []);
  await importCatalogue(app.database, jobs, app.now);
}

checkLines([
  [
    46,
    "an unknown periodic is a 404, and 500 when strict",
    (app) =>
      refusesUnlessStrict(
        app,
        { ...hello, job_name: "x" },
        404,
        'failed to find associated periodic job "x"',
      ),
  ],
  [
    47,
    "an unknown presubmit or postsubmit is a 404 that names the repository, and 500 when strict",
    async (app) => {
      const from = 'from orgRepo "o/r"';
      await refusesUnlessStrict(
        app,
        { ...verify, job_name: "x" },
        404,
        `failed to find associated presubmit job "x" ${from}`,
      );
      await refusesUnlessStrict(
        app,
        { ...publish, job_name: "x" },
        404,
        `failed to find associated postsubmit job "x" ${from}`,
      );
    },
  ],
  [
    48,
    "two matches on one branch are a 409, and 500 when strict",
    (app) =>
      refusesUnlessStrict(
        app,
        { ...publish, job_name: "twice" },
        409,
        'twice matches multiple prow jobs from orgRepo "o/r"',
      ),
  ],
  [
    49,
    "a presubmit without pulls is a 400, and 500 when strict",
    (app) =>
      refusesUnlessStrict(
        app,
        { ...verify, refs },
        400,
        "at least 1 Pulls is required",
      ),
  ],
  [50, "a batch is a 400, and 500 when strict", (app) =>
    refusesUnlessStrict(
      app,
      { ...verify, job_execution_type: "BATCH" },
      400,
      "unsupported JobExecutionType type: BATCH",
    )],
  [
    51,
    "base_ref is held against branches and skip_branches; to be skipped wins",
    async (app) => {
      await configure(
        app,
        `postsubmits: {o/r: [{
        name: publish, branches: [^release-], skip_branches: [^release-1$], agent: jenkins
      }]}`,
      );
      await create(app, onBranch(publish, "release-2"));
      for (const branch of ["release-1", "main", "old-release-2"]) {
        const body = onBranch(publish, branch);
        const refusal = await refused(await post(app, collection, body));
        assertEquals(refusal.status, 404);
      }
    },
  ],
  [52, "a name is matched exactly, case and all", async (app) => {
    for (const job_name of ["Hello", "hell", "hello ", "hello\n", "helloo"]) {
      const body = { ...hello, job_name };
      const refusal = await refused(await post(app, collection, body));
      assertEquals(refusal.status, 404);
    }
  }],
  [53, "of one name the job of the base branch is run", async (app) => {
    await configure(
      app,
      `postsubmits: {o/r: [
        {name: publish, branches: [^main$], agent: jenkins, cluster: first},
        {name: publish, branches: [^dev$], agent: jenkins, cluster: second},
      ]}`,
    );
    for (const [branch, cluster] of [["main", "first"], ["dev", "second"]]) {
      const { id } = await create(app, onBranch(publish, branch ?? ""));
      assertEquals((await runOf(app, id)).labels.cluster, cluster);
    }
  }],
  [54, "two identical requests make two executions", async (app) => {
    const first = await create(app, hello);
    const second = await create(app, hello);
    assertNotEquals(first.id, second.id);
  }],
  [55, "an id is a lower-case UUID, and good at once", async (app) => {
    const { id } = await create(app, hello);
    assertMatch(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assertEquals(
      (await created(await get(app, `${collection}/${id}`))).id,
      id,
    );
  }],
  [56, "a new execution is TRIGGERED", async (app) => {
    assertEquals((await create(app, hello)).job_status, "TRIGGERED");
  }],
  [
    57,
    "envs of the request come after the job's, so that they win",
    async (app) => {
      const envs = { GREETING: "salut", MORE: "1" };
      const task = await taskOf(app, { ...hello, pod_spec_options: { envs } });
      assertObjectMatch(task, {
        container: {
          env: [
            { name: "GREETING", value: "hi" },
            { name: "GREETING", value: "salut" },
            { name: "MORE", value: "1" },
          ],
        },
      });
    },
  ],
  [
    58,
    "labels and annotations of the request win, and the job keeps its others",
    async (app) => {
      await configure(
        app,
        `periodics: [{
        name: hello, agent: jenkins, labels: {a: job, b: job}, annotations: {c: job, d: job}
      }]`,
      );
      const options = {
        labels: { b: "mine" },
        annotations: { d: "mine", e: "mine" },
      };
      const task = await taskOf(app, { ...hello, pod_spec_options: options });
      assertEquals(task.labels, { a: "job", b: "mine" });
      assertEquals(task.annotations, { c: "job", d: "mine", e: "mine" });
    },
  ],
  [
    61,
    "what the job says about cloning beats the request's refs",
    async (app) => {
      const task = await taskOf(app, {
        job_name: "cloned",
        job_execution_type: 2,
        refs: {
          ...refs,
          path_alias: "mine",
          clone_uri: "https://mine.example.org/r",
          clone_depth: 9,
          skip_submodules: false,
          skip_fetch_head: true,
        },
      });
      assertObjectMatch(task, {
        refs: {
          path_alias: "example.org/r",
          clone_uri: "https://git.example.org/r",
          clone_depth: 3,
          skip_submodules: true,
          skip_fetch_head: true,
        },
      });
    },
  ],
  [62, "an org may look like a URL", async (app) => {
    const org = "https://host/repo/some/org";
    const execution = await create(app, {
      job_name: "hosted",
      job_execution_type: 2,
      refs: { ...refs, org },
    });
    assertEquals(execution.refs?.org, org);
  }],
  [
    63,
    "the label prow.k8s.io/gerrit-revision makes the lookup use https://",
    async (app) => {
      const body = {
        job_name: "reviewed",
        job_execution_type: 2,
        refs: { ...refs, org: "gerrit.example.org", repo: "tools" },
      };
      const refusal = await refused(await post(app, collection, body));
      assertEquals([refusal.status, refusal.message], [
        404,
        'failed to find associated postsubmit job "reviewed" from orgRepo "gerrit.example.org/tools"',
      ]);
      const labels = { "prow.k8s.io/gerrit-revision": "abc" };
      await create(app, { ...body, pod_spec_options: { labels } });
    },
  ],
]);
