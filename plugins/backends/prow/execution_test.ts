import { assertEquals } from "@std/assert";
import type { Run } from "../../../core/run.ts";
import { runStates } from "../../../core/run.ts";
import { readCreateRequest } from "./create_request.ts";
import {
  createdExecution,
  executionSchema,
  listedExecution,
  print,
  shownExecution,
} from "./execution.ts";
import { executionStatus } from "./execution_status.ts";
import { readJson } from "./json_reader.ts";

const run: Run = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  number: 7,
  backend: "prow",
  job: "periodic-ci-x",
  owner: { account: 1, name: "a" },
  isPrivate: false,
  request: { type: "periodic" },
  task: {},
  labels: {},
  priority: 0,
  state: "queued",
  attempt: 0,
  lostAttempts: 0,
  runnerId: null,
  cancelRequestedAt: null,
  createdAt: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
  queuedAt: 0,
  notBefore: null,
  claimedAt: null,
  startedAt: null,
  finishedAt: null,
  updatedAt: 0,
  end: null,
  message: null,
  logBytes: 0,
};

const view = { bucket: "slipway", baseUrl: "https://ci.example.org" };

function request(body: unknown) {
  return readCreateRequest(readJson(JSON.stringify(body)));
}

Deno.test("the answer to a create call is that of the transcoder to the byte", () => {
  const asked = request({
    job_name: "periodic-ci-x",
    job_execution_type: "1",
    pod_spec_options: { annotations: { executor: "gangway" } },
  });
  assertEquals(
    print(createdExecution(run, asked)),
    `{
 "id": "01890a5d-ac96-774b-bcce-b302099a8057",
 "job_name": "periodic-ci-x",
 "job_type": "PERIODIC",
 "job_status": "TRIGGERED",
 "pod_spec_options": {
  "envs": {},
  "labels": {},
  "annotations": {
   "executor": "gangway"
  }
 },
 "gcs_path": "",
 "job_url": ""
}
`,
  );
});

Deno.test("what was not sent is left out", () => {
  const asked = request({ job_name: "periodic-ci-x", job_execution_type: 1 });
  assertEquals(
    print(createdExecution(run, asked)),
    `{
 "id": "01890a5d-ac96-774b-bcce-b302099a8057",
 "job_name": "periodic-ci-x",
 "job_type": "PERIODIC",
 "job_status": "TRIGGERED",
 "gcs_path": "",
 "job_url": ""
}
`,
  );
});

Deno.test("refs are echoed with all their defaults", () => {
  const asked = request({
    job_name: "j",
    job_execution_type: "PRESUBMIT",
    refs: {
      pulls: [{ sha: "a".repeat(40), number: "12" }],
      baseSha: "s",
      base_ref: "main",
      repo: "r",
      org: "o",
    },
    pod_spec_options: {},
  });
  const presubmit = { ...run, request: { type: "presubmit" } };
  assertEquals(
    print(createdExecution(presubmit, asked)),
    `{
 "id": "01890a5d-ac96-774b-bcce-b302099a8057",
 "job_name": "periodic-ci-x",
 "job_type": "PRESUBMIT",
 "job_status": "TRIGGERED",
 "refs": {
  "org": "o",
  "repo": "r",
  "repo_link": "",
  "base_ref": "main",
  "base_sha": "s",
  "base_link": "",
  "pulls": [
   {
    "number": 12,
    "author": "",
    "sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "title": "",
    "ref": "",
    "link": "",
    "commit_link": "",
    "author_link": ""
   }
  ],
  "path_alias": "",
  "work_dir": false,
  "clone_uri": "",
  "skip_submodules": false,
  "clone_depth": 0,
  "skip_fetch_head": false
 },
 "pod_spec_options": {
  "envs": {},
  "labels": {},
  "annotations": {}
 },
 "gcs_path": "",
 "job_url": ""
}
`,
  );
});

Deno.test("a waiting execution has neither URL nor completion time, nor what was asked", () => {
  assertEquals(
    print(shownExecution(run, view)),
    `{
 "id": "01890a5d-ac96-774b-bcce-b302099a8057",
 "job_name": "periodic-ci-x",
 "job_type": "PERIODIC",
 "job_status": "TRIGGERED",
 "gcs_path": "",
 "create_time": "2026-02-03T04:05:06Z",
 "job_url": ""
}
`,
  );
});

Deno.test("a finished execution has its URL and its times in whole seconds", () => {
  const finished: Run = {
    ...run,
    state: "passed",
    startedAt: run.createdAt + 1000,
    finishedAt: run.createdAt + 61_000,
  };
  assertEquals(
    print(shownExecution(finished, view)),
    `{
 "id": "01890a5d-ac96-774b-bcce-b302099a8057",
 "job_name": "periodic-ci-x",
 "job_type": "PERIODIC",
 "job_status": "SUCCESS",
 "gcs_path": "gs://slipway/logs/periodic-ci-x/7",
 "create_time": "2026-02-03T04:05:06Z",
 "completion_time": "2026-02-03T04:06:07Z",
 "job_url": "https://ci.example.org/view/gs/slipway/logs/periodic-ci-x/7"
}
`,
  );
});

Deno.test("an item of a list has four fields and the defaults that are always printed", () => {
  const finished: Run = {
    ...run,
    state: "failed",
    startedAt: 1,
    finishedAt: 2,
  };
  assertEquals(Object.entries(listedExecution(finished)), [
    ["id", run.id],
    ["job_name", "periodic-ci-x"],
    ["job_type", "PERIODIC"],
    ["job_status", "FAILURE"],
    ["gcs_path", ""],
    ["job_url", ""],
  ]);
});

Deno.test("an empty list is printed with its key", () => {
  assertEquals(
    print({ job_execution: [] }),
    '{\n "job_execution": []\n}\n',
  );
});

Deno.test("every state has a name", () => {
  assertEquals(runStates.map((state) => [state, executionStatus(state)]), [
    ["scheduled", "SCHEDULING"],
    ["queued", "TRIGGERED"],
    ["claimed", "PENDING"],
    ["running", "PENDING"],
    ["passed", "SUCCESS"],
    ["failed", "FAILURE"],
    ["neutral", "SUCCESS"],
    ["errored", "ERROR"],
    ["aborted", "ABORTED"],
  ]);
});

Deno.test("every answer fits the schema of the OpenAPI document", () => {
  const asked = request({ refs: { pulls: [{}] }, pod_spec_options: {} });
  for (
    const execution of [
      createdExecution(run, asked),
      shownExecution({ ...run, startedAt: 1, finishedAt: 2 }, view),
      listedExecution(run),
    ]
  ) {
    assertEquals(executionSchema.strict().parse(execution), execution);
  }
});
