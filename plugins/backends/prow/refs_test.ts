import { assertEquals } from "@std/assert";
import { readCreateRequest } from "./create_request.ts";
import type { JobDefinition } from "./job.ts";
import { readJson } from "./json_reader.ts";
import { refsText, sourcePlace, toRefs } from "./refs.ts";

const job: JobDefinition = {
  name: "j",
  agent: "kubernetes",
  cluster: "default",
};

function refs(body: unknown, definition: JobDefinition = job) {
  const request = readCreateRequest(
    readJson(JSON.stringify({ refs: body })),
  );
  if (request.refs === undefined) throw new TypeError("no refs");
  return toRefs(request.refs, definition);
}

const sha = "a".repeat(40);

Deno.test("refs reach the job in the form of the ProwJob resource, without what is empty", () => {
  const body = {
    org: "o",
    repo: "r",
    base_ref: "main",
    base_sha: "s",
    work_dir: true,
    pulls: [{ sha, title: "t" }],
  };
  assertEquals(refs(body), {
    org: "o",
    repo: "r",
    base_ref: "main",
    base_sha: "s",
    workdir: true,
    pulls: [{ number: 0, author: "", sha, title: "t" }],
  });
});

Deno.test("gangway 61: what the job says about cloning wins over the request", () => {
  const asked = {
    org: "o",
    repo: "r",
    path_alias: "asked",
    clone_uri: "asked",
    clone_depth: 1,
    skip_submodules: true,
  };
  const { path_alias, clone_uri, clone_depth, skip_submodules } = refs(asked, {
    ...job,
    path_alias: "own",
    clone_uri: "own",
    clone_depth: 5,
    skip_submodules: false,
  });
  assertEquals([path_alias, clone_uri, clone_depth, skip_submodules], [
    "own",
    "own",
    5,
    true,
  ]);
});

Deno.test("refsText() names the base and every pull in order", () => {
  assertEquals(refsText({ base_ref: "main" }), "main");
  assertEquals(
    refsText({
      base_ref: "main",
      base_sha: "s",
      pulls: [
        { number: 5, author: "", sha: "p" },
        { number: 7, author: "", sha: "q", ref: "refs/x" },
      ],
    }),
    "main:s,5:p,7:q:refs/x",
  );
});

const places = [
  [{}, "github.com", "o/r"],
  [{ path_alias: "k8s.io/kubernetes" }, "k8s.io", "kubernetes"],
  [{ path_alias: "alone" }, "alone", "o/r"],
  [{ repo_link: "https://git.example.org/a/b" }, "git.example.org", "a/b"],
  [{ repo_link: "https://git.example.org" }, "git.example.org", "o/r"],
] as const;

for (const [more, host, base] of places) {
  Deno.test(`sourcePlace() of ${JSON.stringify(more)} is ${host} and ${base}`, () => {
    assertEquals(sourcePlace({ org: "o", repo: "r", ...more }), { host, base });
  });
}
