import { assertEquals, assertStringIncludes } from "@std/assert";
import { root } from "../../../tests/paths.ts";
import { readCatalogue } from "./catalogue.ts";
import { readJobFolder } from "./job_folder.ts";

const spec = "spec: {containers: [{env: [{name: OWN, value: o}]}, {}]}";

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
