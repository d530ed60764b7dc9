import { assertEquals } from "@std/assert";
import type { Refs } from "../refs.ts";
import type { CloneRecord } from "./clone_record.ts";
import { revision, startedJson } from "./started.ts";

const refs: Refs = {
  org: "o",
  repo: "r",
  base_ref: "main",
  base_sha: "b",
  pulls: [{ number: 5, author: "a", sha: "p" }],
};
const extra: Refs = { org: "x", repo: "y", base_ref: "dev" };

function record(of: Refs, finalSha: string): CloneRecord {
  return { refs: of, commands: [], fault: null, finalSha, durationMs: 1 };
}

function started(
  task: { refs: Refs | null; extraRefs: Refs[] },
  records: CloneRecord[] = [],
) {
  return JSON.parse(startedJson(task, records, 1_700_000_000_999));
}

Deno.test("started.json of a presubmit names the pull, all repositories and the commit that is tested", () => {
  const task = { refs, extraRefs: [extra] };
  assertEquals(started(task, [record(extra, "no"), record(refs, "merged")]), {
    timestamp: 1_700_000_000,
    pull: "5",
    repos: { "o/r": "main:b,5:p", "x/y": "dev" },
    "repo-commit": "merged",
    "repo-version": "merged",
  });
});

Deno.test("without a clone the version is what was asked for", () => {
  const { pulls: _, ...base } = refs;
  assertEquals(started({ refs: base, extraRefs: [] }), {
    timestamp: 1_700_000_000,
    repos: { "o/r": "main:b" },
    "repo-commit": "b",
    "repo-version": "b",
  });
});

Deno.test("a periodic is about its first extra repository that is not auxiliary, or about none", () => {
  const task = { refs: null, extraRefs: [{ ...refs, auxiliary: true }, extra] };
  assertEquals(revision(task), "dev");
  assertEquals(started(task)["repo-version"], "dev");
  assertEquals(started({ refs: null, extraRefs: [] }), {
    timestamp: 1_700_000_000,
  });
});

Deno.test("the revision is the first pull's, else the base's", () => {
  assertEquals(revision({ refs, extraRefs: [] }), "p");
  assertEquals(revision({ refs: extra, extraRefs: [] }), "dev");
});
