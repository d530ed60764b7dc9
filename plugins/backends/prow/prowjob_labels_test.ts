import { assertEquals } from "@std/assert";
import { type Labelled, prowLabels } from "./prowjob_labels.ts";

const base: Labelled = {
  type: "periodic",
  job: "j",
  context: "",
  refs: null,
  extraRefs: [],
  labels: {},
  annotations: {},
};

const names: readonly (readonly [string, string])[] = [
  ["short", "short"],
  ["x".repeat(63), "x".repeat(63)],
  ["x".repeat(64), "x".repeat(63)],
  [`${"x".repeat(60)}_.-y`, "x".repeat(60)],
  [`${"x".repeat(61)}..y`, "x".repeat(61)],
];

for (const [job, label] of names) {
  Deno.test(`gangway 60: the job label of a name of ${job.length} characters has ${label.length}, the annotation all`, () => {
    const made = prowLabels({ ...base, job, context: job });
    assertEquals(made.labels["prow.k8s.io/job"], label);
    assertEquals(made.labels["prow.k8s.io/context"], label);
    assertEquals(made.annotations["prow.k8s.io/job"], job);
    assertEquals(made.annotations["prow.k8s.io/context"], job);
  });
}

Deno.test("a ProwJob is labelled with what it is about: its refs, else its first extra refs", () => {
  const main = { org: "o", repo: "r", base_ref: "main" };
  const pull = { number: 5, author: "", sha: "" };
  const labelsOf = (more: Partial<Labelled>) =>
    prowLabels({ ...base, ...more }).labels;
  assertEquals(
    labelsOf({ refs: { ...main, pulls: [pull] }, extraRefs: [{ org: "x" }] }),
    {
      "created-by-prow": "true",
      "prow.k8s.io/type": "periodic",
      "prow.k8s.io/job": "j",
      "prow.k8s.io/context": "",
      "prow.k8s.io/refs.org": "o",
      "prow.k8s.io/refs.repo": "r",
      "prow.k8s.io/refs.base_ref": "main",
      "prow.k8s.io/refs.pull": "5",
    },
  );
  assertEquals(labelsOf({ extraRefs: [main] })["prow.k8s.io/refs.org"], "o");
  assertEquals(Object.hasOwn(labelsOf({}), "prow.k8s.io/refs.org"), false);
});

Deno.test("gangway 58: labels and annotations of job and request win over Prow's own", () => {
  const made = prowLabels({
    ...base,
    labels: { "created-by-prow": "false", own: "1" },
    annotations: { "prow.k8s.io/job": "other", note: "any text / at all" },
  });
  assertEquals(made.labels["created-by-prow"], "false");
  assertEquals(made.labels.own, "1");
  assertEquals(made.annotations["prow.k8s.io/job"], "other");
  assertEquals(made.annotations.note, "any text / at all");
});

const values: readonly (readonly [string, string | undefined])[] = [
  ["https://git.example/org", "org"],
  ["release/1.2", "1.2"],
  ["a/b/", "b"],
  ["has space", undefined],
  ["a/has space", undefined],
  ["/", ""],
  ["-", undefined],
];

for (const [value, label] of values) {
  Deno.test(`a label that cannot be ${JSON.stringify(value)} is ${JSON.stringify(label)}`, () => {
    const refs = { org: value, repo: "r" };
    const { labels } = prowLabels({ ...base, refs });
    assertEquals(labels["prow.k8s.io/refs.org"], label);
  });
}
