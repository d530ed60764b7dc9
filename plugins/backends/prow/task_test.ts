import { assertEquals } from "@std/assert";
import { readCreateRequest } from "./create_request.ts";
import { type JobDefinition, jobDefinition } from "./job.ts";
import { readJson } from "./json_reader.ts";
import { taskSchema, toTask } from "./task.ts";

const defaults = { timeoutSeconds: 86400, graceSeconds: 15 };

function task(definition: unknown, body: unknown = {}) {
  const job: JobDefinition = jobDefinition.parse(definition);
  const request = readCreateRequest(readJson(JSON.stringify(body)));
  return taskSchema.parse(toTask("periodic", job, request, defaults));
}

const container = {
  image: "i",
  command: ["c"],
  args: ["a"],
  env: [
    { name: "A", value: "static" },
    { name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    { name: "E" },
  ],
};

Deno.test("a task has the job's first container and Prow's defaults", () => {
  assertEquals(task({ name: "j", spec: { containers: [container, {}] } }), {
    job: "j",
    type: "periodic",
    container: {
      image: "i",
      command: ["c"],
      args: ["a"],
      env: [{ name: "A", value: "static" }, { name: "E", value: "" }],
      clusterEnv: ["S"],
    },
    timeoutSeconds: 86400,
    graceSeconds: 15,
    refs: null,
    extraRefs: [],
    decorated: false,
    decorationConfig: null,
    labels: {},
    annotations: {},
  });
});

Deno.test("gangway 57: envs of the request come after the job's, so that they win", () => {
  const { container: made } = task(
    { name: "j", spec: { containers: [container] } },
    { pod_spec_options: { envs: { A: "asked", S: "given" } } },
  );
  assertEquals(made?.env, [
    { name: "A", value: "static" },
    { name: "E", value: "" },
    { name: "A", value: "asked" },
    { name: "S", value: "given" },
  ]);
  assertEquals(made?.clusterEnv, []);
});

Deno.test("gangway 58: labels and annotations of the request win, the job keeps its others", () => {
  const { labels, annotations } = task(
    {
      name: "j",
      agent: "tekton",
      labels: { a: "job", b: "job" },
      annotations: { x: "job" },
    },
    {
      pod_spec_options: { labels: { a: "asked" }, annotations: { y: "asked" } },
    },
  );
  assertEquals(labels, { a: "asked", b: "job" });
  assertEquals(annotations, { x: "job", y: "asked" });
});

Deno.test("a decorated job brings its own timeout and grace period", () => {
  const made = task({
    name: "j",
    decorate: true,
    decoration_config: { timeout: "1h30m", grace_period: "0s", x: { y: 1 } },
    extra_refs: [{ org: "o", repo: "r", base_ref: "main", workdir: true }],
    spec: { containers: [{}] },
  });
  assertEquals(made.timeoutSeconds, 5400);
  assertEquals(made.graceSeconds, 15);
  assertEquals(made.decorated, true);
  assertEquals(made.decorationConfig, {
    timeout: "1h30m",
    grace_period: "0s",
    x: { y: 1 },
  });
  assertEquals(made.extraRefs, [
    { org: "o", repo: "r", base_ref: "main", workdir: true },
  ]);
});

Deno.test("a job without a pod makes a task without a container", () => {
  assertEquals(task({ name: "j", agent: "jenkins" }).container, null);
});
