import { assertEquals } from "@std/assert";
import { readCreateRequest } from "./create_request.ts";
import { readJson } from "./json_reader.ts";
import { requestFault } from "./request_rules.ts";

const refs = { org: "o", repo: "r", base_ref: "main", base_sha: "zz" };
const sha = "0123456789abcdef0123456789abcdef01234567";
const post = { job_name: "j", job_execution_type: "POSTSUBMIT", refs };
const periodic = { job_name: "j", job_execution_type: 1 };

function withOptions(options: unknown) {
  return { ...periodic, pod_spec_options: options };
}

function withPulls(...pulls: unknown[]) {
  return { ...post, job_execution_type: 3, refs: { ...refs, pulls } };
}

function without(key: keyof typeof refs) {
  return { ...post, refs: { ...refs, [key]: "" } };
}

const invalidRefs = "gitRefs: failed to validate: ";

const cases: readonly (readonly [string, unknown, string | null])[] = [
  ["job_name missing", {}, "job_name field cannot be empty"],
  [
    "job_name empty, before everything else",
    { job_name: "", refs: {} },
    "job_name field cannot be empty",
  ],
  [
    "type missing",
    { job_name: "j" },
    "unsupported JobExecutionType: JOB_EXECUTION_TYPE_UNSPECIFIED",
  ],
  [
    "type 0",
    { job_name: "j", job_execution_type: 0, refs },
    "unsupported JobExecutionType: JOB_EXECUTION_TYPE_UNSPECIFIED",
  ],
  [
    "periodic with refs",
    { ...periodic, refs },
    "periodic jobs cannot also have gitRefs",
  ],
  [
    "periodic with empty refs",
    { ...periodic, refs: {} },
    "periodic jobs cannot also have gitRefs",
  ],
  [
    "postsubmit without refs",
    { ...periodic, job_execution_type: 2 },
    'gitRefs must be defined for "POSTSUBMIT"',
  ],
  [
    "presubmit without refs",
    { ...periodic, job_execution_type: 3 },
    'gitRefs must be defined for "PRESUBMIT"',
  ],
  [
    "batch without refs",
    { ...periodic, job_execution_type: 4 },
    'gitRefs must be defined for "BATCH"',
  ],
  [
    "unknown number without refs",
    { ...periodic, job_execution_type: 9 },
    'gitRefs must be defined for "9"',
  ],
  [
    "org comes first",
    { ...post, refs: {} },
    invalidRefs + "gitRefs: Org cannot be empty",
  ],
  ["repo", without("repo"), invalidRefs + "gitRefs: Repo cannot be empty"],
  [
    "base_ref",
    without("base_ref"),
    invalidRefs + "gitRefs: BaseRef cannot be empty",
  ],
  [
    "base_sha",
    without("base_sha"),
    invalidRefs + "gitRefs: BaseSha cannot be empty",
  ],
  ["base_sha need not be hexadecimal", post, null],
  [
    "upper-case pull SHA",
    withPulls({ sha: sha.toUpperCase() }),
    `${invalidRefs}pull: invalid SHA: "${sha.toUpperCase()}"`,
  ],
  [
    "short pull SHA",
    withPulls({ sha: "abc" }),
    invalidRefs + 'pull: invalid SHA: "abc"',
  ],
  [
    "pull without SHA",
    withPulls({}),
    invalidRefs + 'pull: invalid SHA: ""',
  ],
  [
    "null for a pull",
    withPulls(null),
    invalidRefs + 'pull: invalid SHA: ""',
  ],
  [
    "second pull",
    withPulls({ sha }, { sha: "x" }),
    invalidRefs + 'pull: invalid SHA: "x"',
  ],
  [
    "SHA with a newline after it",
    withPulls({ sha: sha + "\n" }),
    `${invalidRefs}pull: invalid SHA: "${sha}\\n"`,
  ],
  ["40 hexadecimal digits", withPulls({ sha }), null],
  [
    "empty env value",
    withOptions({ envs: { A: "1", K: "" } }),
    'invalid environment variable key/value pair: "K", ""',
  ],
  [
    "empty env key",
    withOptions({ envs: { "": "v" } }),
    'invalid environment variable key/value pair: "", "v"',
  ],
  [
    "null as an env value",
    withOptions({ envs: { K: null } }),
    'invalid environment variable key/value pair: "K", ""',
  ],
  [
    "empty label value",
    withOptions({ labels: { K: "" } }),
    'invalid label key/value pair: "K", ""',
  ],
  [
    "empty label key",
    withOptions({ labels: { "": "v" } }),
    'invalid label key/value pair: "", "v"',
  ],
  [
    "label value of 64 characters",
    withOptions({ labels: { K: "a".repeat(64) } }),
    'invalid label: the following errors found: ["must be no more than 63 bytes"]',
  ],
  [
    "label value with a slash",
    withOptions({ labels: { K: "a/b" } }),
    "invalid label: the following errors found: [\"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\"]",
  ],
  [
    "label value of 63 characters",
    withOptions({ labels: { K: "a".repeat(63) } }),
    null,
  ],
  [
    "empty annotation value",
    withOptions({ annotations: { K: "" } }),
    'invalid annotation key/value pair: "K", ""',
  ],
  [
    "empty annotation key",
    withOptions({ annotations: { "": "v" } }),
    'invalid annotation key/value pair: "", "v"',
  ],
  [
    "envs come before labels and annotations",
    withOptions({
      annotations: { a: "" },
      labels: { l: "" },
      envs: { e: "" },
    }),
    'invalid environment variable key/value pair: "e", ""',
  ],
  [
    "labels come before annotations",
    withOptions({ annotations: { a: "" }, labels: { l: "" } }),
    'invalid label key/value pair: "l", ""',
  ],
  ["org may be a URL", {
    ...post,
    refs: { ...refs, org: "https://host/repo/some/org" },
  }, null],
  [
    "a ref that no process can be told",
    { ...post, refs: { ...refs, base_ref: "a\0b" } },
    `${invalidRefs}base_ref cannot hold a NUL character`,
  ],
  [
    "a pull's title that no process can be told",
    withPulls({ sha, title: "a\0b" }),
    `${invalidRefs}title cannot hold a NUL character`,
  ],
  [
    "an env name that no process can have",
    withOptions({ envs: { "A=B": "v" } }),
    "invalid environment variable name \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
  ],
  [
    "an env value that no process can have",
    withOptions({ envs: { A: "a\0b" } }),
    'invalid environment variable "A": its value cannot hold a NUL character',
  ],
  [
    "a label key that Kubernetes refuses",
    withOptions({ labels: { "UPPER.org/x": "v" } }),
    "invalid label key \"UPPER.org/x\": the part before '/' must be a DNS subdomain of at most 253 bytes",
  ],
  [
    "an annotation key that Kubernetes refuses",
    withOptions({ annotations: { ["a".repeat(64)]: "v" } }),
    `invalid annotation key "${
      "a".repeat(64)
    }": name part must be no more than 63 bytes`,
  ],
  [
    "the annotations that clients send",
    withOptions({
      annotations: {
        "ci.openshift.io/konflux-repo": "any text",
        "executor": "x",
      },
      labels: { "prow.k8s.io/gerrit-revision": "abc" },
      envs: { UNRESOLVED_CONFIG: "a: b\nc: d\n" },
    }),
    null,
  ],
];

for (const [what, body, expected] of cases) {
  Deno.test(`requestFault() of ${what}`, () => {
    const request = readCreateRequest(readJson(JSON.stringify(body)));
    assertEquals(requestFault(request), expected);
  });
}

Deno.test("a hostile key of megabytes is refused in no time", () => {
  const key = `${"a-".repeat(1_000_000)}/x`;
  const request = readCreateRequest(
    readJson(JSON.stringify(withOptions({ labels: { [key]: "v" } }))),
  );
  const startedAt = performance.now();
  assertEquals(requestFault(request)?.startsWith("invalid label key"), true);
  assertEquals(performance.now() - startedAt < 1000, true);
});
