import { assertEquals } from "@std/assert";
import { readCreateRequest } from "./create_request.ts";
import type { JobDefinition } from "./job.ts";
import { readJson } from "./json_reader.ts";
import { chooseJob, placeOf } from "./resolution.ts";

function place(body: unknown) {
  return placeOf(readCreateRequest(readJson(JSON.stringify(body))));
}

const refs = { org: "o", repo: "r", base_ref: "main", base_sha: "s" };
const sha = "a".repeat(40);
const unresolved = { kind: "unresolved", code: "invalid" } as const;

Deno.test("a batch cannot be triggered", () => {
  assertEquals(place({ job_name: "j", job_execution_type: 4, refs }), {
    ...unresolved,
    message: "unsupported JobExecutionType type: BATCH",
  });
  assertEquals(place({ job_name: "j", job_execution_type: 9, refs }), {
    ...unresolved,
    message: "unsupported JobExecutionType type: 9",
  });
});

Deno.test("a presubmit needs a pull", () => {
  assertEquals(place({ job_name: "j", job_execution_type: 3, refs }), {
    ...unresolved,
    message: "at least 1 Pulls is required",
  });
  const pulls = [{ sha }];
  assertEquals(
    place({ job_name: "j", job_execution_type: 3, refs: { ...refs, pulls } }),
    { kind: "place", type: "presubmit", orgRepo: "o/r", name: "j" },
  );
});

Deno.test("jobs of Gerrit are under the URL of its host", () => {
  const labels = { "prow.k8s.io/gerrit-revision": "abc" };
  const request = {
    job_name: "j",
    job_execution_type: 2,
    refs,
    pod_spec_options: { labels },
  };
  assertEquals(place(request), {
    kind: "place",
    type: "postsubmit",
    orgRepo: "https://o/r",
    name: "j",
  });
  const whole = { ...refs, org: "https://host" };
  assertEquals(place({ ...request, refs: whole }), {
    kind: "place",
    type: "postsubmit",
    orgRepo: "https://host/r",
    name: "j",
  });
});

function job(more: Partial<JobDefinition>): JobDefinition {
  return { name: "j", agent: "kubernetes", cluster: "default", ...more };
}

const postsubmit = {
  kind: "place",
  type: "postsubmit",
  orgRepo: "o/r",
  name: "j",
} as const;
const periodic = { ...postsubmit, type: "periodic", orgRepo: "" } as const;
const main = job({ branches: ["^main$"] });
const rest = job({ skip_branches: ["^main$"] });

Deno.test("jobs of one name are told apart by the base branch", () => {
  assertEquals(chooseJob(postsubmit, [main, rest], "main"), {
    kind: "chosen",
    definition: main,
  });
  assertEquals(chooseJob(postsubmit, [main, rest], "dev"), {
    kind: "chosen",
    definition: rest,
  });
});

Deno.test("no job for the branch is not found, with the repository in the text", () => {
  assertEquals(chooseJob(postsubmit, [main], "dev"), {
    kind: "unresolved",
    code: "not_found",
    message: 'failed to find associated postsubmit job "j" from orgRepo "o/r"',
  });
});

Deno.test("an unknown periodic is not found", () => {
  assertEquals(chooseJob(periodic, [], ""), {
    kind: "unresolved",
    code: "not_found",
    message: 'failed to find associated periodic job "j"',
  });
});

Deno.test("several jobs for the branch are a conflict", () => {
  assertEquals(chooseJob(postsubmit, [main, job({})], "main"), {
    kind: "unresolved",
    code: "conflict",
    message: 'j matches multiple prow jobs from orgRepo "o/r"',
  });
});

Deno.test("a job definition with any key of its own is no refusal", () => {
  const odd = job({ kind: "unresolved", code: "x" });
  assertEquals(chooseJob(periodic, [odd], ""), {
    kind: "chosen",
    definition: odd,
  });
});
