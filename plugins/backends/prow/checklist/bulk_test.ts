import { assert, assertEquals } from "@std/assert";
import {
  attempt,
  collection,
  created,
  hello,
  longJob,
  multiply,
  post,
  refs,
  refused,
  runOf,
  sha,
  startGangway,
  user,
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { checkLines } from "../../../../tests/checklist.ts";

const path = "/v1/bulk-job-status-update";
const abort = { current: "TRIGGERED", desired: "ABORTED" };
const publish = { job_name: "publish", job_execution_type: 2, refs };
const verify = {
  job_name: "verify",
  job_execution_type: 3,
  refs: { ...refs, pulls: [{ number: 5, sha }] },
};
const nightly = { job_name: "nightly", job_execution_type: 1 };

async function create(app: TestApp, body: unknown) {
  return (await created(await post(app, collection, body))).id;
}

/** Changes statuses, which answers 200 and nothing else. */
async function change(
  app: TestApp,
  filters: object,
  job_status_change = abort,
) {
  const response = await post(app, path, { job_status_change, ...filters });
  assertEquals([response.status, await response.text()], [200, "{}\n"]);
}

/** Which of the executions are cancelled. */
async function aborted(app: TestApp, ids: readonly string[]) {
  const runs = await Promise.all(ids.map((id) => runOf(app, id)));
  return runs.map((run) => run.cancelRequestedAt !== null);
}

/** One execution of each job is made; the filters must abort those that are said. */
async function assertAborts(
  app: TestApp,
  bodies: readonly unknown[],
  filters: object,
  expected: readonly boolean[],
) {
  const ids: string[] = [];
  for (const body of bodies) ids.push(await create(app, body));
  await change(app, filters);
  assertEquals(await aborted(app, ids), [...expected], JSON.stringify(filters));
}

checkLines([
  [81, "current, then desired, must be given", async (app) => {
    const unspecified = "JOB_EXECUTION_STATUS_UNSPECIFIED";
    for (
      const [job_status_change, message] of [
        [undefined, "current status is unspecified"],
        [null, "current status is unspecified"],
        [{}, "current status is unspecified"],
        [{ current: 0, desired: 0 }, "current status is unspecified"],
        [{ desired: "ABORTED" }, "current status is unspecified"],
        [{ current: "PENDING" }, "desired status is unspecified"],
        [{ current: 2, desired: unspecified }, "desired status is unspecified"],
      ]
    ) {
      const bad = { job_status_change, started_after: "x" };
      assertEquals(await refused(await post(app, path, bad)), {
        status: 400,
        code: 3,
        message,
      });
    }
    assertEquals((await refused(await post(app, path, ""))).status, 400);
  }],
  [82, "a time that is none is a 400, started_after first", async (app) => {
    for (const time of ["", "x", "2026-01-02", "2026-02-30T00:00:00Z"]) {
      const bad = { job_status_change: abort, started_before: time };
      assertEquals(
        (await refused(await post(app, path, bad))).message,
        "started_before field is invalid",
      );
      assertEquals(
        (await refused(await post(app, path, { ...bad, started_after: time })))
          .message,
        "started_after field is invalid",
      );
    }
    const bad = { job_status_change: abort, startedAfter: 5 };
    assertEquals((await refused(await post(app, path, bad))).status, 400);
  }],
  [83, "both ends of the window belong to it", async (app) => {
    // The clock of the tests stands at 03:04:05; a start counts in whole seconds.
    app.advance(789);
    const [before, at, after] = [4, 5, 6].map((s) => `2026-01-02T03:04:0${s}Z`);
    const windows = [
      [{ started_before: before }, false],
      [{ started_before: at }, true],
      [{ started_after: after }, false],
      [{ started_after: at }, true],
      [{ started_after: at, started_before: at }, true],
      [{ started_after: before, started_before: after }, true],
      [{ started_after: after, started_before: after }, false],
      [{ started_after: after, started_before: before }, false],
      [{ startedAfter: "2026-01-02T05:04:05.000+02:00" }, true],
      [{ started_after: "2026-01-02T03:04:05.000000001Z" }, false],
    ] as const;
    for (const [window, isIn] of windows) {
      await assertAborts(app, [hello], window, [isIn]);
    }
  }],
  [84, "cluster narrows", async (app) => {
    const both = [hello, { ...hello, job_name: longJob }];
    await assertAborts(app, both, { cluster: "other" }, [false, false]);
    await assertAborts(app, both, { cluster: "build-2" }, [false, true]);
    await assertAborts(app, both, { cluster: "default" }, [true, false]);
    await assertAborts(app, both, { cluster: "" }, [true, true]);
  }],
  [85, "job_type narrows, unless it is unspecified or BATCH", async (app) => {
    const all = [hello, publish, verify];
    const types = [
      ["PERIODIC", [true, false, false]],
      ["POSTSUBMIT", [false, true, false]],
      [3, [false, false, true]],
      ["BATCH", [true, true, true]],
      ["JOB_EXECUTION_TYPE_UNSPECIFIED", [true, true, true]],
    ] as const;
    for (const [job_type, expected] of types) {
      await assertAborts(app, all, { job_type }, expected);
    }
  }],
  [
    86,
    "refs narrow by org and repo; a periodic has those of its first extra_refs",
    async (app) => {
      const all = [hello, publish, verify, nightly];
      const filters = [
        [{ org: "o", repo: "r" }, [false, true, true, true]],
        [{ org: "o" }, [false, true, true, true]],
        [{ repo: "r", base_ref: "ignored" }, [false, true, true, true]],
        [{ org: "other", repo: "r" }, [false, false, false, false]],
        [{ org: "o", repo: "other" }, [false, false, false, false]],
        [{}, [true, true, true, true]],
      ] as const;
      for (const [refs, expected] of filters) {
        await assertAborts(app, all, { refs }, expected);
      }
    },
  ],
  [87, "only executions in the status current are touched", async (app) => {
    const ended = await create(app, hello);
    await attempt(app, { kind: "exited", exitCode: 0 });
    const running = await create(app, hello);
    await attempt(app);
    const waiting = await create(app, hello);
    const all = [ended, running, waiting];
    for (const current of ["SUCCESS", "ABORTED", "ERROR", "SCHEDULING"]) {
      await change(app, {}, { ...abort, current });
      assertEquals(await aborted(app, all), [false, false, false], current);
    }
    await change(app, {}, { ...abort, current: "PENDING" });
    assertEquals(await aborted(app, all), [false, true, false]);
    await change(app, {});
    assertEquals(await aborted(app, all), [false, true, true]);
    assertEquals((await runOf(app, waiting)).state, "aborted");
  }],
  [88, "executions of foreign tenants are skipped silently", async () => {
    await using app = await startGangway({
      tenants: { [`user:${user}`]: ["team"], "*": ["*"] },
    });
    const ask = async (job_name: string) => {
      const response = await app.request(collection, {
        user: "bob",
        method: "POST",
        body: JSON.stringify({ ...hello, job_name }),
      });
      return (await created(response)).id;
    };
    const ids = [await ask("hello"), await ask("owned")];
    await change(app, {});
    assertEquals(await aborted(app, ids), [false, true]);
  }],
  [
    89,
    "the answer is 200 and {}; 202 and a sentence by option",
    async (app) => {
      await change(app, {});
      await using accepting = await startGangway({ bulkAccepted: true });
      const response = await post(accepting, path, {
        job_status_change: abort,
      });
      assertEquals([response.status, await response.text()], [
        202,
        "Your request is being handled. Check gangway logs.\n",
      ]);
    },
  ],
  [90, "a change to anything but ABORTED has no effect", async (app) => {
    const id = await create(app, hello);
    for (
      const desired of [
        "SUCCESS",
        "FAILURE",
        "ERROR",
        "PENDING",
        "TRIGGERED",
        "SCHEDULING",
      ]
    ) {
      await change(app, {}, { ...abort, desired });
      assertEquals((await runOf(app, id)).state, "queued");
    }
  }],
  [91, "thousands are aborted within one answer", async (app) => {
    const id = await create(app, hello);
    const many = await multiply(app, id, 5000);
    const startedAt = performance.now();
    await change(app, {});
    const ms = performance.now() - startedAt;
    const left = await app.app.store.runs.list({ states: ["queued"] });
    assertEquals([many.length, left], [5000, []]);
    assert(ms < 10_000, `it took ${ms} ms`);
  }],
]);
