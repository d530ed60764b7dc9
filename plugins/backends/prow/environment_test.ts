import { assertEquals } from "@std/assert";
import { jobEnvironment, prowEnvironment } from "./environment.ts";
import type { Task } from "./task.ts";

const periodic: Task = {
  job: "j",
  type: "periodic",
  container: null,
  timeoutSeconds: 1,
  graceSeconds: 1,
  refs: null,
  extraRefs: [],
  decorated: false,
  decorationConfig: null,
  labels: {},
  annotations: {},
};
const run = { id: "0189-id", number: 42 };
const pod = {
  begin: { PATH: "/bin", HOME: "/home/job" },
  artifacts: "/logs/artifacts",
  gopath: "/go",
};
const refs = {
  org: "o",
  repo: "r",
  base_ref: "main",
  base_sha: "s",
  pulls: [{ number: 5, author: "a", sha: "p", title: "T" }],
};

Deno.test("prowEnvironment() of a periodic has the identity of the run", () => {
  assertEquals(prowEnvironment(periodic, run), {
    CI: "true",
    JOB_NAME: "j",
    JOB_TYPE: "periodic",
    JOB_SPEC:
      '{"type":"periodic","job":"j","buildid":"42","prowjobid":"0189-id"}',
    PROW_JOB_ID: "0189-id",
    BUILD_ID: "42",
    BUILD_NUMBER: "42",
  });
});

Deno.test("prowEnvironment() of a postsubmit has the base commit", () => {
  const { pulls: _, ...base } = refs;
  const { JOB_SPEC, ...env } = prowEnvironment({
    ...periodic,
    type: "postsubmit",
    refs: base,
  }, run);
  assertEquals(JSON.parse(JOB_SPEC ?? "").refs, base);
  assertEquals(env, {
    CI: "true",
    JOB_NAME: "j",
    JOB_TYPE: "postsubmit",
    PROW_JOB_ID: "0189-id",
    BUILD_ID: "42",
    BUILD_NUMBER: "42",
    REPO_OWNER: "o",
    REPO_NAME: "r",
    SRC_HOST: "github.com",
    SRC_BASE: "o/r",
    PULL_BASE_REF: "main",
    PULL_BASE_SHA: "s",
    PULL_REFS: "main:s",
  });
});

Deno.test("prowEnvironment() of a presubmit has the first pull", () => {
  const env = prowEnvironment({ ...periodic, type: "presubmit", refs }, run);
  assertEquals(
    [env.PULL_REFS, env.PULL_NUMBER, env.PULL_PULL_SHA, env.PULL_TITLE],
    ["main:s,5:p", "5", "p", "T"],
  );
  assertEquals(env.PULL_HEAD_REF, "");
});

Deno.test("JOB_SPEC has extra_refs and the decoration of a decorated job", () => {
  const { JOB_SPEC } = prowEnvironment({
    ...periodic,
    decorated: true,
    decorationConfig: { timeout: "1h" },
    extraRefs: [{ org: "x", repo: "y" }],
  }, run);
  assertEquals(JSON.parse(JOB_SPEC ?? ""), {
    type: "periodic",
    job: "j",
    buildid: "42",
    prowjobid: "0189-id",
    extra_refs: [{ org: "x", repo: "y" }],
    decoration_config: { timeout: "1h" },
  });
});

function withEnv(...env: [string, string][]): Task {
  return {
    ...periodic,
    container: {
      image: "",
      command: [],
      args: [],
      env: env.map(([name, value]) => ({ name, value })),
      clusterEnv: [],
    },
  };
}

Deno.test("gangway 57: the later of two variables wins", () => {
  const task = withEnv(["A", "job"], ["A", "asked"]);
  assertEquals(jobEnvironment(task, run, pod).A, "asked");
});

Deno.test("gangway 59: Prow's variables cannot be overridden", () => {
  const own = prowEnvironment(periodic, run);
  const task = withEnv(
    ...Object.keys(own).map((name): [string, string] => [name, "mine"]),
  );
  const { PATH: _, HOME: __, ...env } = jobEnvironment(task, run, pod);
  assertEquals(env, own);
});

Deno.test("values refer to variables before them, as in Kubernetes", () => {
  const env = jobEnvironment(
    withEnv(["B", "$(A)"], ["A", "a"], ["C", "$(A)/c"], ["D", "$$(A)"]),
    run,
    pod,
  );
  assertEquals([env.B, env.C, env.D], ["$(A)", "a/c", "$(A)"]);
});

Deno.test("ARTIFACTS and GOPATH are there for decorated jobs only, and not to be overridden", () => {
  const task = withEnv(["GOPATH", "mine"], ["PATH", "$(PATH):/go/bin"]);
  assertEquals(jobEnvironment({ ...task, decorated: true }, run, pod), {
    ...prowEnvironment({ ...task, decorated: true }, run),
    PATH: "/bin:/go/bin",
    HOME: "/home/job",
    ARTIFACTS: "/logs/artifacts",
    GOPATH: "/go",
  });
  const plain = jobEnvironment(task, run, pod);
  assertEquals([plain.GOPATH, "ARTIFACTS" in plain], ["mine", false]);
});
