import { assertEquals, assertStringIncludes } from "@std/assert";
import { root } from "../../../tests/paths.ts";
import { readCatalogue } from "./catalogue.ts";
import { readJobFolder } from "./job_folder.ts";

const spec =
  "spec: {containers: [{name: one, env: [{name: OWN, value: o}]}, {name: two}]}";

function read(...texts: string[]) {
  return readCatalogue(
    texts.map((text, index) => ({ path: `${index}.yaml`, text })),
  );
}

Deno.test("a preset of any file adds to the jobs that carry its labels", () => {
  const { jobs, faults } = read(
    `periodics: [{name: with, labels: {p: "true", q: x}, ${spec}}, {name: without, labels: {p: "false"}, ${spec}}]`,
    `presets: [{labels: {p: true}, env: [{name: A, value: a}], volumes: [{name: v}], volumeMounts: [{name: v, mountPath: /v}]}]`,
    `presets: [{env: [{name: ALL, value: "1"}]}]`,
  );
  assertEquals(faults, []);
  const names = jobs.map(({ definition }) =>
    definition.spec?.containers.map(({ env }) => env?.map(({ name }) => name))
  );
  assertEquals(names, [
    [["OWN", "A", "ALL"], ["A", "ALL"]],
    [["OWN", "ALL"], ["ALL"]],
  ]);
  const [first] = jobs;
  assertEquals(first?.definition.spec?.volumes, [{ name: "v" }]);
  assertEquals(first?.definition.spec?.containers[1]?.volumeMounts, [
    { name: "v", mountPath: "/v" },
  ]);
});

Deno.test("a preset may bring tolerations", () => {
  const { jobs } = read(
    `periodics: [{name: a, spec: {tolerations: [{key: own}], containers: [{}]}}]`,
    `presets: [{tolerations: [{key: more}]}]`,
  );
  assertEquals(jobs[0]?.definition.spec?.tolerations, [
    { key: "own" },
    { key: "more" },
  ]);
});

Deno.test("of two presets for one label and value the second is a fault", () => {
  const { jobs, faults } = read(
    `presets:
- {labels: {p: x}, env: [{name: A, value: first}]}
- {labels: {p: y}, env: [{name: A, value: other}]}
- {labels: {p: x}, env: [{name: A, value: second}]}
periodics: [{name: a, labels: {p: x}, spec: {containers: [{}]}}]`,
  );
  assertEquals(jobs[0]?.definition.spec?.containers[0]?.env, [
    { name: "A", value: "first" },
  ]);
  assertEquals(faults, [{
    file: "0.yaml",
    line: 4,
    reason: "duplicated preset: p:x belongs to another one",
  }]);
});

const doubled = [
  ["env var", "{containers: [{env: [{name: A}, {name: A}]}]}", '"A"'],
  ["volume", "{volumes: [{name: v}, {name: v}], containers: [{}]}", '"v"'],
  ["container", "{containers: [{name: c}, {name: c}]}", '"c"'],
] as const;

for (const [what, pod, name] of doubled) {
  Deno.test(`a pod with two of one ${what} is a fault of the job`, () => {
    const { jobs, faults } = read(`periodics: [{name: a, spec: ${pod}}]`);
    assertEquals(jobs, []);
    assertEquals(
      faults[0]?.reason,
      `a: ${what} ${name} is defined more than once`,
    );
  });
}

Deno.test("of several containers each needs a name", () => {
  const { faults } = read(
    "periodics: [{name: a, spec: {containers: [{}, {}]}}]",
  );
  assertEquals(faults[0]?.reason, "a: of several containers each needs a name");
});

for (
  const [what, preset] of [
    ["env var", "env: [{name: OWN, value: x}]"],
    ["volume mount", "volumeMounts: [{name: m}]"],
    ["volume", "volumes: [{name: v}]"],
  ] as const
) {
  Deno.test(`a preset that brings a taken ${what} is a fault of the job`, () => {
    const { jobs, faults } = read(
      `periodics: [{name: a, spec: {volumes: [{name: v}], containers: [{env: [{name: OWN}], volumeMounts: [{name: m}]}]}}]
presets: [{${preset}}]`,
    );
    assertEquals(jobs, []);
    assertStringIncludes(
      faults[0]?.reason ?? "",
      `a: ${what} duplicated in pod spec: `,
    );
    assertEquals(faults[0]?.line, 1);
  });
}

Deno.test("decorate_all_jobs of any file holds for jobs that do not say otherwise", () => {
  const { jobs } = read(
    `periodics: [{name: a, ${spec}}, {name: b, decorate: false, ${spec}}]`,
    "decorate_all_jobs: true",
  );
  assertEquals(jobs.map((job) => job.definition.decorate), [true, false]);
});

Deno.test("the main configuration's decoration defaults hold for decorated jobs, the job's own over them", () => {
  const { jobs, faults } = read(
    `decorate_all_jobs: true
plank:
  default_decoration_config_entries:
  - config: {timeout: 2h, grace_period: 15m, gcs_configuration: {bucket: all, path_strategy: explicit}}
  - {repo: o, config: {gcs_configuration: {bucket: org}}}
  - {repo: o/r, cluster: big, config: {timeout: 8h}}
other: {keys: are, left: alone}`,
    `presubmits: {o/r: [{name: big, cluster: big, ${spec}}, {name: own, decoration_config: {timeout: 1m}, ${spec}}, {name: plain, decorate: false, ${spec}}]}
periodics: [{name: ref, extra_refs: [{org: o, repo: r}], ${spec}}, {name: free, ${spec}}]`,
  );
  assertEquals(faults, []);
  const inOrg = { bucket: "org", path_strategy: "explicit" };
  const configs = Object.fromEntries(
    jobs.map(({ definition }) => [
      definition.name,
      definition.decoration_config,
    ]),
  );
  assertEquals(configs, {
    big: { timeout: "8h", grace_period: "15m", gcs_configuration: inOrg },
    own: { timeout: "1m", grace_period: "15m", gcs_configuration: inOrg },
    plain: undefined,
    ref: { timeout: "2h", grace_period: "15m", gcs_configuration: inOrg },
    free: {
      timeout: "2h",
      grace_period: "15m",
      gcs_configuration: { bucket: "all", path_strategy: "explicit" },
    },
  });
});

Deno.test("gangway 53: one name may stand for several jobs of a repository when their branches differ", () => {
  const { jobs, faults } = read(
    `presubmits: {o/r: [{name: a, branches: [main], ${spec}}, {name: a, branches: [dev], ${spec}}], o/s: [{name: a, ${spec}}]}
postsubmits: {o/r: [{name: a, ${spec}}]}
periodics: [{name: a, ${spec}}]`,
  );
  assertEquals(faults, []);
  assertEquals(jobs.length, 5);
});

Deno.test("of two jobs that cannot be told apart the first stays and the second is a fault", () => {
  const { jobs, faults } = read(
    `periodics: [{name: a, cluster: one, ${spec}}]`,
    `\nperiodics: [{name: a, cluster: two, ${spec}}]
presubmits: {o/r: [{name: a, branches: [main], ${spec}}, {name: a, ${spec}}]}`,
  );
  assertEquals(jobs.map(({ definition }) => definition.cluster), [
    "one",
    "default",
  ]);
  assertEquals(faults, [
    {
      file: "1.yaml",
      line: 2,
      reason: "a: duplicated periodic job: it is also in 0.yaml",
    },
    {
      file: "1.yaml",
      line: 3,
      reason: "a: duplicated presubmit job: it is also in 1.yaml",
    },
  ]);
});

Deno.test("two jobs that report to one context are a fault, but not on disjoint branches", () => {
  const { jobs, faults } = read(
    `presubmits:
  o/r:
  - {name: a, context: ci, branches: [main], ${spec}}
  - {name: b, context: ci, branches: [dev], ${spec}}
  - {name: c, context: ci, branches: [dev], ${spec}}
  - {name: ci, branches: [main], ${spec}}
postsubmits: {o/r: [{name: d, context: ci, ${spec}}]}`,
  );
  assertEquals(jobs.map(({ definition }) => definition.name), ["a", "b", "d"]);
  assertEquals(faults.map(({ line, reason }) => [line, reason]), [
    [5, "c: it reports to the same context as b in 0.yaml"],
    [6, "ci: it reports to the same context as a in 0.yaml"],
  ]);
});

Deno.test("a thousand jobs of one name are enough", () => {
  const names = Array.from(
    { length: 1001 },
    (_, index) => `{name: a, branches: [b${index}], spec: {containers: [{}]}}`,
  );
  const { jobs, faults } = read(`presubmits: {o/r: [${names}]}`);
  assertEquals(jobs.length, 1000);
  assertStringIncludes(faults[0]?.reason ?? "", "already 1000 jobs");
});

Deno.test("a name of more than 63 characters is a name", () => {
  const name = `pull-${"x".repeat(80)}`;
  const { jobs, faults } = read(`periodics: [{name: ${name}, ${spec}}]`);
  assertEquals(faults, []);
  assertEquals(jobs[0]?.definition.name, name);
});

const examples = `${root}/examples/jobs`;

Deno.test("the examples are free of faults", async () => {
  const { texts, faults } = await readJobFolder([examples]);
  const catalogue = readCatalogue(texts);
  assertEquals([...faults, ...catalogue.faults], []);
  assertEquals(
    catalogue.jobs.some(({ definition }) =>
      definition.name === "periodic-hello"
    ),
    true,
  );
});

const realJobs = `${root}/../shared/data/prow/jobs`;
const isThere = await exists(realJobs);

Deno.test({
  name: "the public job configuration of Kubernetes is free of faults" +
    (isThere ? "" : " (skipped: ../shared/data/prow/jobs is not there)"),
  ignore: !isThere,
  async fn() {
    const { texts, faults } = await readJobFolder([realJobs]);
    const catalogue = readCatalogue(texts);
    assertEquals([...faults, ...catalogue.faults], []);
    assertEquals(catalogue.jobs.length > 2000, true);
  },
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
