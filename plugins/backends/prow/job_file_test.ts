import { assertEquals, assertStringIncludes } from "@std/assert";
import { readJobFile } from "./job_file.ts";

const spec = "spec: {containers: [{image: i, command: [c]}]}";

function definitions(text: string) {
  const { jobs, faults } = readJobFile("f.yaml", text);
  assertEquals(faults, []);
  return jobs.map((job) => job.definition);
}

Deno.test("a file's periodics, presubmits and postsubmits are read with their places", () => {
  const { jobs, faults } = readJobFile(
    "f.yaml",
    `
periodics:
- name: a
  interval: 1h
  ${spec}
presubmits:
  o/r:
  - name: b
    branches: [main]
    ${spec}
postsubmits:
  o/r:
  - {name: c, ${spec}}
`,
  );
  assertEquals(faults, []);
  assertEquals(
    jobs.map(({ type, orgRepo, line, definition }) => [
      type,
      orgRepo,
      line,
      definition.name,
    ]),
    [
      ["periodic", "", 3, "a"],
      ["presubmit", "o/r", 8, "b"],
      ["postsubmit", "o/r", 13, "c"],
    ],
  );
  assertEquals(jobs[0]?.definition.interval, "1h");
  assertEquals(jobs[0]?.definition.agent, "kubernetes");
  assertEquals(jobs[0]?.definition.cluster, "default");
});

Deno.test("keys match whatever their case, as in Go", () => {
  const [job] = definitions(
    `Periodics: [{NAME: a, Decoration_Config: {TIMEOUT: 1h}, SPEC: {Containers: [{Command: [c], env: [{Name: A, VALUE: b}]}]}}]`,
  );
  assertEquals(job?.name, "a");
  assertEquals(job?.decoration_config, { timeout: "1h" });
  assertEquals(job?.spec?.containers[0]?.command, ["c"]);
  assertEquals(job?.spec?.containers[0]?.env, [{ name: "A", value: "b" }]);
});

Deno.test("numbers and truth values become text where Prow wants text", () => {
  const [job] = definitions(
    `periodics: [{name: a, labels: {x: true, z: 5}, spec: {containers: [{args: [1.10, yes, ., 0x10, 010, 2020-01-01, 1:30], env: [{name: A, value: 5}]}]}}]`,
  );
  assertEquals(job?.labels, { x: "true", z: "5" });
  assertEquals(job?.spec?.containers[0]?.args, [
    "1.1",
    "true",
    ".",
    "16",
    "8",
    "2020-01-01",
    "1:30",
  ]);
  assertEquals(job?.spec?.containers[0]?.env, [{ name: "A", value: "5" }]);
});

Deno.test("anchors, aliases, merge keys, several documents and CRLF are read", () => {
  const text = `
x: &base
  decorate: true
  ${spec}
periodics:
- <<: *base
  name: a
---
periodics:
- {name: b, ${spec}}
---
`;
  for (const each of [text, text.replaceAll("\n", "\r\n")]) {
    assertEquals(
      definitions(each).map(({ name, decorate }) => [name, decorate]),
      [["a", true], ["b", undefined]],
    );
  }
});

Deno.test("empty files and files of other things hold no job and no fault", () => {
  for (
    const text of [
      "",
      "# nothing\n",
      "---\n",
      "null",
      "other: [1]",
      "periodics:",
    ]
  ) {
    const { jobs, faults } = readJobFile("f.yaml", text);
    assertEquals([jobs, faults], [[], []]);
  }
});

Deno.test("an empty cluster or agent is the default one", () => {
  const [job] = definitions(
    `periodics: [{name: a, cluster: "", agent: , ${spec}}]`,
  );
  assertEquals([job?.cluster, job?.agent], ["default", "kubernetes"]);
});

Deno.test("what Slipway does not use is kept for others", () => {
  const [job] = definitions(
    `periodics: [{name: a, cron: "0 1 * * *", spec: {nodeSelector: {a: b}, containers: [{resources: {limits: {cpu: 2}}}]}}]`,
  );
  assertEquals(job?.cron, "0 1 * * *");
  assertEquals(job?.spec?.nodeSelector, { a: "b" });
  assertEquals(job?.spec?.containers[0]?.resources, { limits: { cpu: 2 } });
});

const faulty: readonly (readonly [string, string, number | null, string])[] = [
  ["no YAML", "periodics:\n- name: [", 2, "unexpected end of the stream"],
  ["a list at the top", "- a", 1, "the document: "],
  ["text for jobs", "a: 1\nperiodics: x", 2, "periodics: "],
  [
    "a job without a name",
    `periodics:\n- ${spec}`,
    2,
    "periodics.0.name: expected a string",
  ],
  [
    "a name with a blank",
    `periodics:\n- name: a\n  ${spec}\n- name: a b\n  ${spec}`,
    4,
    "periodics.1.name: expected letters",
  ],
  [
    "a name with a control character",
    `periodics: [{name: "a\\u0007"}]`,
    1,
    "name",
  ],
  ["no spec", "periodics:\n- name: a", 2, "needs a spec"],
  [
    "no container",
    "periodics: [{name: a, spec: {containers: []}}]",
    1,
    "one container",
  ],
  [
    "a duration that is none",
    `presubmits:\n  o/r:\n  - name: a\n    decoration_config:\n      Timeout: 5 hours\n    ${spec}`,
    5,
    "presubmits.o/r.0.decoration_config.timeout: expected a duration",
  ],
  [
    "a pattern that is none",
    `presubmits:\n  o/r:\n  - name: a\n    branches: ["("]\n    ${spec}`,
    3,
    "branches: error parsing regexp",
  ],
  [
    "a text that cannot be read",
    `periodics: [{name: b, ${spec}}]\nx: {__proto__: {}}`,
    2,
    'the key "__proto__" is not allowed',
  ],
  [
    "a label that Kubernetes refuses",
    `periodics:\n- name: b\n  ${spec}\n  labels:\n    ok: yes\n    team: a b`,
    6,
    "periodics.0.labels.team: a valid label must be",
  ],
  [
    "a label's key that Kubernetes refuses",
    `periodics: [{name: b, labels: {"a b": c}, ${spec}}]`,
    1,
    "periodics.0.labels.a b: name part",
  ],
  [
    "an annotation's key that Kubernetes refuses",
    `periodics: [{name: b, annotations: {a/b/c: d}, ${spec}}]`,
    1,
    "periodics.0.annotations.a/b/c: ",
  ],
  [
    "the name of a variable with control characters",
    `periodics:\n- name: b\n  spec:\n    containers:\n    - env:\n      - value: x\n        name: "A\\x1b[2J"`,
    7,
    "periodics.0.spec.containers.0.env.0.name: expected no control characters",
  ],
  [
    "a repository with control characters",
    `presubmits:\n  "o/\\r": []`,
    2,
    "has control characters in it",
  ],
];

for (const [name, text, line, reason] of faulty) {
  Deno.test(`${name} is a fault with its line`, () => {
    const { jobs, faults } = readJobFile("f.yaml", text);
    assertEquals(faults.length, 1);
    assertEquals(faults[0]?.file, "f.yaml");
    assertStringIncludes(faults[0]?.reason ?? "", reason);
    assertEquals(faults[0]?.line, line);
    assertEquals(jobs.every((job) => job.definition.name === "a"), true);
  });
}

Deno.test("one bad job does not stop the others", () => {
  const { jobs, faults } = readJobFile(
    "f.yaml",
    `periodics: [{name: "?"}, {name: b, ${spec}}]\npostsubmits: {o/r: [{name: c, ${spec}}], o/s: }`,
  );
  assertEquals(faults.length, 1);
  assertEquals(jobs.map((job) => job.definition.name), ["b", "c"]);
});

Deno.test("of a file with countless faults a hundred are named", () => {
  const { jobs, faults } = readJobFile(
    "f.yaml",
    `periodics:\n${"- x\n".repeat(500)}- {name: b, ${spec}}`,
  );
  assertEquals(jobs, []);
  assertEquals(faults.length, 101);
  assertEquals(faults.at(-1)?.line, 102);
  assertStringIncludes(faults.at(-1)?.reason ?? "", "more than 100 faults");
});

Deno.test("prow_ignored and keys that nobody knows are no fault", () => {
  const text =
    `prow_ignored: {anything: [1]}\nimages: x\nperiodics: [{name: a, own: {k: v}, ${spec}}]`;
  assertEquals(definitions(text).map(({ own }) => own), [{ k: "v" }]);
});

Deno.test("a job of Jenkins needs no spec and may stand in a folder", () => {
  const [job] = definitions("periodics: [{name: team/a, agent: jenkins}]");
  assertEquals([job?.name, job?.agent], ["team/a", "jenkins"]);
});

Deno.test("an integer that a number cannot hold is kept to its last digit", () => {
  const [job] = definitions(
    "periodics: [{name: a, spec: {containers: [{env: [{name: A, value: 20240101123456789}]}]}}]",
  );
  assertEquals(
    job?.spec?.containers[0]?.env?.[0]?.value,
    "20240101123456789",
  );
});
