/** Jobs through the whole of Slipway: Gangway's dialect, the queue, a real runner. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { eventually } from "../../../tests/eventually.ts";
import { user } from "../../../tests/gangway.ts";
import { TestRepository } from "../../../tests/git_repository.ts";
import { makeFolder } from "../../../tests/pod.ts";
import { assertNoneRuns, uniqueSeconds } from "../../../tests/pod_jobs.ts";
import { startProwWorld } from "../../../tests/prow_world.ts";

/** A job's configuration on one line; a script in it has no quotes but single ones. */
function job(name: string, script: string, more = ""): string {
  return `{name: ${name}, decorate: true, ${more} spec: {containers: [{image: i, command: [sh, -c], args: ["${script}"]}]}}`;
}

const periodics: readonly (readonly [string, object, string, RegExp])[] = [
  [
    "a periodic succeeds",
    { job_name: "periodic-hello" },
    "SUCCESS",
    /^Hello from periodic-hello, build 1\n$/,
  ],
  [
    "gangway 57: a periodic gets the envs of the request",
    {
      job_name: "periodic-hello",
      pod_spec_options: { envs: { GREETING: "Salut", JOB_NAME: "mine" } },
    },
    "SUCCESS",
    /^Salut from periodic-hello, build 1\n$/,
  ],
  [
    "a failing periodic fails",
    { job_name: "periodic-failing" },
    "FAILURE",
    /^1 of 3 checks failed\n$/,
  ],
];

for (const [name, body, status, log] of periodics) {
  Deno.test(`${name}, run by a real runner`, async () => {
    await using world = await startProwWorld();
    const { id } = await world.create({ job_execution_type: "1", ...body });
    const execution = await world.ended(id);
    assertEquals(execution.job_status, status);
    assertMatch(await world.log(id), log);
  });
}

Deno.test("what a periodic leaves in ARTIFACTS is kept, beside started.json and finished.json", async () => {
  await using world = await startProwWorld();
  const { id } = await world.create({
    job_name: "periodic-hello",
    job_execution_type: "1",
  });
  await world.ended(id);
  const paths = await world.artifacts(id);
  for (const path of ["started.json", "finished.json"]) {
    assert(paths.includes(path), `${paths}`);
  }
  assertEquals(
    await world.artifact(id, "artifacts/greeting.txt"),
    `as triggered by execution ${id}\n`,
  );
  const finished = JSON.parse(await world.artifact(id, "finished.json"));
  assertEquals([finished.passed, finished.result], [true, "SUCCESS"]);
});

/** A served catalogue of pre- and postsubmits for a repository with three pulls, of which the third conflicts with the first. */
async function startWithRepository() {
  const folder = await makeFolder();
  const { path } = folder;
  const repository = await TestRepository.make(`${path}/app`);
  const base_sha = await repository.git("rev-parse", "HEAD");
  const pulls = [
    { number: 1, sha: await repository.pull(1, { "README.md": "one\n" }) },
    { number: 2, sha: await repository.pull(2, { two: "two\n" }) },
    { number: 3, sha: await repository.pull(3, { "README.md": "three\n" }) },
  ];
  const cloned = `clone_uri: ${repository.path},`;
  const world = await startProwWorld({
    configuration: `
presubmits:
  o/app: [${job("verify", "cat README.md two && git rev-parse HEAD", cloned)}]
postsubmits:
  o/app: [${
      job(
        "publish",
        "cat README.md; echo $PULL_REFS; cp README.md $ARTIFACTS",
        cloned,
      )
    }]`,
    env: { SLIPWAY_GIT_ROOTS: path },
  });
  const refs = { org: "o", repo: "app", base_ref: "main", base_sha };
  return {
    world,
    refs,
    presubmit: (...numbers: number[]) => ({
      job_name: "verify",
      job_execution_type: "PRESUBMIT",
      refs: {
        ...refs,
        pulls: pulls.filter(({ number }) => numbers.includes(number)),
      },
    }),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a postsubmit is in its repository", async () => {
  await using started = await startWithRepository();
  const { world, refs } = started;
  const { id } = await world.create({
    job_name: "publish",
    job_execution_type: "POSTSUBMIT",
    refs,
  });
  assertEquals((await world.ended(id)).job_status, "SUCCESS");
  assertEquals(await world.log(id), `hello\nmain:${refs.base_sha}\n`);
  assertEquals(await world.artifact(id, "artifacts/README.md"), "hello\n");
});

Deno.test("a presubmit is in the merge of its two pulls, which started.json names", async () => {
  await using started = await startWithRepository();
  const { world } = started;
  const { id } = await world.create(started.presubmit(1, 2));
  assertEquals((await world.ended(id)).job_status, "SUCCESS");
  const [one, two, merged] = (await world.log(id)).split("\n");
  assertEquals([one, two], ["one", "two"]);
  const { "repo-commit": commit, pull } = JSON.parse(
    await world.artifact(id, "started.json"),
  );
  assertEquals([commit, pull], [merged, "1"]);
});

Deno.test("a presubmit whose pulls conflict is an ERROR, with the reason in its log", async () => {
  await using started = await startWithRepository();
  const { world } = started;
  const { id } = await world.create(started.presubmit(1, 3));
  assertEquals((await world.ended(id)).job_status, "ERROR");
  const reason = "does not merge into main: CONFLICT (content): " +
    "Merge conflict in README.md";
  assertStringIncludes(await world.log(id), reason);
  const run = await world.app.request(`/v1/runs/${id}`, { user });
  assertStringIncludes((await run.json()).message, reason);
  const [record] = JSON.parse(await world.artifact(id, "clone-records.json"));
  assertEquals(record.failed, true);
});

const marker = uniqueSeconds();

const hard = `periodics:
- ${
  job(
    "slow",
    "sleep 600",
    "decoration_config: {timeout: 1s, grace_period: 10s},",
  )
}
- ${
  job(
    "stubborn",
    `trap '' TERM; while :; do sleep ${marker}; done`,
    "decoration_config: {timeout: 1s, grace_period: 1s},",
  )
}
- ${job("talkative", "yes 0123456789abcde | head -c 50000000; echo end")}
- ${job("littering", `sleep ${marker} & echo left`)}
`;

const hardJobs = [
  ["a job that times out fails", "slow", "FAILURE", /longer than 1 s\n$/],
  [
    "a job that ignores SIGTERM is killed and fails",
    "stubborn",
    "FAILURE",
    /longer than 1 s\n$/,
  ],
  [
    "a job that leaves children behind is over",
    "littering",
    "SUCCESS",
    /^left\n$/,
  ],
] as const;

for (const [name, job_name, status, log] of hardJobs) {
  Deno.test(`${name}, and nothing of it runs on`, async () => {
    await using world = await startProwWorld({ configuration: hard });
    const { id } = await world.create({ job_name, job_execution_type: "1" });
    assertEquals((await world.ended(id)).job_status, status);
    assertMatch(await world.log(id), log);
    await assertNoneRuns(marker);
  });
}

Deno.test("a job that writes 50 MB of log has it kept whole", async () => {
  await using world = await startProwWorld({ configuration: hard });
  const { id } = await world.create({
    job_name: "talkative",
    job_execution_type: "1",
  });
  assertEquals((await world.ended(id, 60_000)).job_status, "SUCCESS");
  const log = await world.log(id);
  assertEquals([log.length, log.slice(-4)], [50_000_004, "end\n"]);
});

Deno.test("gangway 67: the URL is there while the job runs; cancelled, it is ABORTED", async () => {
  await using world = await startProwWorld();
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
  assertMatch(running.job_url, /^http/);
  await world.app.request(`/v1/runs/${id}/cancel`, { user, method: "POST" });
  assertEquals((await world.ended(id)).job_status, "ABORTED");
  const finished = JSON.parse(await world.artifact(id, "finished.json"));
  assertEquals([finished.passed, finished.result], [false, "ABORTED"]);
});

Deno.test("a job that cannot start ends as ERROR, with the reason in its log", async () => {
  await using world = await startProwWorld({
    configuration:
      "periodics: [{name: odd, spec: {containers: [{command: [no-such-command]}]}}]",
  });
  const { id } = await world.create({
    job_name: "odd",
    job_execution_type: "1",
  });
  assertEquals((await world.ended(id)).job_status, "ERROR");
  assertStringIncludes(await world.log(id), 'Cannot run "no-such-command"');
});

Deno.test("a secret that the operator names is masked in the log that the server keeps", async () => {
  const script = "printf hun; sleep 0.2; echo ter2, $GREETING";
  await using world = await startProwWorld({
    configuration: `periodics: [${job("leaking", script)}]`,
    env: { SLIPWAY_MASK: "TOKEN", TOKEN: "hunter2" },
  });
  const { id } = await world.create({
    job_name: "leaking",
    job_execution_type: "1",
    pod_spec_options: { envs: { GREETING: "again hunter2" } },
  });
  assertEquals((await world.ended(id)).job_status, "SUCCESS");
  assertEquals(await world.log(id), "XXX, again XXX\n");
});
