import { assertEquals } from "@std/assert";
import type { Run } from "../../../core/run.ts";
import { htmlSafeJson } from "./reply.ts";
import type { Finding } from "./history.ts";
import { durationHuman, toTestResult } from "./test_result.ts";

const finishedAt = Date.UTC(2026, 10, 22, 1, 55, 13, 500);

const over: Run = {
  id: "0190",
  number: 7,
  backend: "autopkgtest",
  job: "bash",
  owner: { account: 3, name: "alice" },
  isPrivate: false,
  request: {
    suite: "unstable",
    arch: "amd64",
    trigger: "a/1 <b>",
    pin_packages: [["src:foo", "testing"]],
    extra_apt_sources: [],
    package_id: 4,
  },
  task: {},
  labels: {},
  priority: 5,
  state: "passed",
  attempt: 1,
  lostAttempts: 0,
  runnerId: "r",
  cancelRequestedAt: null,
  createdAt: finishedAt - 10_000,
  queuedAt: finishedAt - 10_000,
  notBefore: null,
  claimedAt: null,
  startedAt: finishedAt - 3_661_900,
  finishedAt,
  updatedAt: finishedAt,
  end: { kind: "exited", exitCode: 0, facts: { version: "1.0-1" } },
  message: "All tests passed",
  logBytes: 30,
};

const finding: Finding = {
  version: "1.0-1",
  workerId: 2,
  logBytes: 30,
  artifactsBytes: 40,
  previousState: "errored",
  lastPass: { finishedAt: finishedAt - 86_400_000, version: "0.9-1" },
};

const waiting: Run = {
  ...over,
  state: "running",
  finishedAt: null,
  end: null,
  message: null,
};

Deno.test("debci 40: a result has debci's 24 keys, in its order, types and date form", () => {
  assertEquals(
    htmlSafeJson(toTestResult(over, finding)),
    '{"run_id":7,"created_at":"2026-11-22T01:55:03.500Z","updated_at":"2026-11-22T01:55:13.500Z",' +
      '"suite":"unstable","arch":"amd64","version":"1.0-1","trigger":"a/1 \\u003cb\\u003e","status":"pass",' +
      '"pin_packages":[["src:foo","testing"]],"date":"2026-11-22T01:55:13.500Z","duration_seconds":3661,' +
      '"last_pass_date":"2026-11-21T01:55:13.500Z","last_pass_version":"0.9-1","message":"All tests passed","previous_status":"tmpfail",' +
      '"package_id":4,"requestor_id":3,"is_private":false,"extra_apt_sources":[],"worker_id":2,' +
      '"log_size":30,"artifacts_size":40,"duration_human":"1h 1m 1s","package":"bash"}',
  );
});

Deno.test("a test has no status, date, version or message until it is final", () => {
  const { status, date, version, message, duration_seconds, duration_human } =
    toTestResult(waiting, finding);
  assertEquals(
    { status, date, version, message, duration_seconds, duration_human },
    {
      status: null,
      date: null,
      version: null,
      message: null,
      duration_seconds: null,
      duration_human: "(n/a)",
    },
  );
});

Deno.test("a cancelled test has no finding: what debci says of one that never ran", () => {
  const { status, version, log_size, previous_status } = toTestResult(
    { ...over, state: "aborted" },
    null,
  );
  assertEquals(
    { status, version, log_size, previous_status },
    {
      status: "tmpfail",
      version: null,
      log_size: null,
      previous_status: null,
    },
  );
});

const durations = [
  [0, "0s"],
  [12, "12s"],
  [61, "1m 1s"],
  [3661, "1h 1m 1s"],
  [7200, "2h 0m 0s"],
] as const;

for (const [seconds, text] of durations) {
  Deno.test(`${seconds} seconds are ${text}`, () => {
    assertEquals(durationHuman(seconds), text);
  });
}
