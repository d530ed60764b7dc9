import { assertEquals } from "@std/assert";
import type { JsonObject } from "../../../../core/json.ts";
import {
  buildPath,
  historyPath,
  storageOf,
  viewPath,
} from "./storage_layout.ts";

const pulls = [{ number: 5 }, { number: 6 }];

function presubmit(org: string, repo: string): JsonObject {
  return { type: "presubmit", refs: { org, repo, pulls } };
}

const cases: readonly (readonly [string, JsonObject, string, string])[] = [
  ["j", { type: "periodic" }, "logs/j/7", "logs/j"],
  [
    "j",
    { type: "postsubmit", refs: { org: "o", repo: "r" } },
    "logs/j/7",
    "logs/j",
  ],
  [
    "j",
    presubmit("o", "r"),
    "pr-logs/pull/o_r/5/j/7",
    "pr-logs/directory/j",
  ],
  [
    "j",
    presubmit("https://git.example/x", "a/b"),
    "pr-logs/pull/git.example/x_a_b/5/j/7",
    "pr-logs/directory/j",
  ],
  [
    "j",
    presubmit("o/../..", "r"),
    "pr-logs/pull/o/.._r/5/j/7",
    "pr-logs/directory/j",
  ],
  ["..", { type: "periodic" }, "logs/7", "logs"],
  ["a//./b", { type: "periodic" }, "logs/a/b/7", "logs/a/b"],
];

for (const [job, request, build, history] of cases) {
  Deno.test(`${request.type} "${job}" of ${JSON.stringify(request.refs)} is stored in ${build}`, () => {
    const run = { job, number: 7, request };
    assertEquals([buildPath(run), historyPath(run)], [build, history]);
  });
}

Deno.test("a name that a URL cannot hold as it is is encoded in the page's address", () => {
  const run = { job: "a b?#%/ü", number: 7, request: { type: "periodic" } };
  assertEquals(viewPath(run, "b"), "/view/gs/b/logs/a%20b%3F%23%25/%C3%BC/7");
});

const view = { bucket: "b", baseUrl: "https://ci.example" };
const run = { job: "j", number: 7, request: { type: "periodic" } };
const stored = {
  gcsPath: "gs://b/logs/j/7",
  jobUrl: "https://ci.example/view/gs/b/logs/j/7",
};
const waiting = { gcsPath: "", jobUrl: "" };

for (
  const [state, startedAt, expected] of [
    ["scheduled", null, waiting],
    ["queued", null, waiting],
    ["claimed", null, waiting],
    ["running", 1, stored],
    ["passed", 1, stored],
    ["errored", null, stored],
    ["aborted", null, stored],
  ] as const
) {
  Deno.test(`gangway 67: a ${state} run ${startedAt === null ? "that never began " : ""}has ${expected === stored ? "a" : "no"} URL`, () => {
    assertEquals(storageOf({ ...run, state, startedAt }, view), expected);
  });
}
