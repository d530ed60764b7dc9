import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "yaml";
import { sql } from "../../../../core/database.ts";
import { runStates } from "../../../../core/run.ts";
import {
  attempt,
  collection,
  created,
  get,
  hello,
  post,
  refs,
  refused,
  startGangway,
} from "../../../../tests/gangway.ts";
import type { TestApp } from "../../../../tests/app.ts";
import { checkLines } from "../../../../tests/checklist.ts";

async function create(app: TestApp, body: unknown = hello) {
  return (await created(await post(app, collection, body))).id;
}

async function show(app: TestApp, id: string) {
  return await created(await get(app, `${collection}/${id}`));
}

checkLines([
  [
    64,
    "an ended execution shows id, job_name, job_type, job_status, gcs_path, both times and job_url",
    async (app) => {
      const id = await create(app);
      await attempt(app, { kind: "exited", exitCode: 0 });
      const execution = await show(app, id);
      assertEquals(Object.keys(execution), [
        "id",
        "job_name",
        "job_type",
        "job_status",
        "gcs_path",
        "create_time",
        "completion_time",
        "job_url",
      ]);
      const { job_name, job_type, job_status } = execution;
      assertEquals([execution.id, job_name, job_type, job_status], [
        id,
        "hello",
        "PERIODIC",
        "SUCCESS",
      ]);
    },
  ],
  [65, "refs and options are not shown", async (app) => {
    const id = await create(app, {
      job_name: "publish",
      job_execution_type: 2,
      refs,
      pod_spec_options: { envs: { A: "1" } },
    });
    const keys = Object.keys(await show(app, id));
    assert(!keys.includes("refs") && !keys.includes("pod_spec_options"));
  }],
  [66, "every state has its name", async (app) => {
    const id = await create(app);
    const seen: [string, string][] = [];
    for (const state of runStates) {
      await app.database.batch([
        sql`update run set state = ${state} where id = ${id}`,
      ]);
      seen.push([state, (await show(app, id)).job_status]);
    }
    assertEquals(seen, [
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
    const byNumber = await get(app, `${collection}?status=7`);
    assertEquals(await byNumber.json(), { job_execution: [] });
  }],
  [67, "job_url is empty until the job has started, then set", async (app) => {
    const id = await create(app);
    assertEquals((await show(app, id)).job_url, "");
    await attempt(app);
    const { job_url, job_status, gcs_path } = await show(app, id);
    assertEquals(job_status, "PENDING");
    assertMatch(gcs_path, /^gs:\/\/slipway\/logs\/hello\/1$/);
    assertMatch(job_url, /^http:\/\/slipway\.test\/.*/);
    const page = await get(app, job_url);
    assertEquals(page.status, 200);
    await page.body?.cancel();
  }],
  [
    68,
    "an unknown id is a 404 that names it, and 500 when strict",
    async (app) => {
      const message = 'prowjobs.prow.k8s.io "nope" not found';
      const path = `${collection}/nope`;
      assertEquals(await refused(await get(app, path)), {
        status: 404,
        code: 5,
        message,
      });
      await using strict = await startGangway({ strict: true });
      assertEquals(await refused(await get(strict, path)), {
        status: 500,
        code: 2,
        message,
      });
    },
  ],
  [
    69,
    "an execution ends as SUCCESS, FAILURE, ABORTED or ERROR, and never moves again",
    async (app) => {
      const ends = [
        [{ kind: "exited", exitCode: 0 }, "SUCCESS"],
        [{ kind: "exited", exitCode: 1 }, "FAILURE"],
        [{ kind: "timed_out", timeoutSeconds: 1 }, "FAILURE"],
        [{ kind: "cancelled" }, "ABORTED"],
        [{ kind: "not_started", reason: "no image" }, "ERROR"],
        [{ kind: "lost" }, "ERROR"],
      ] as const;
      for (const [end, status] of ends) {
        const id = await create(app);
        await attempt(app, end);
        await post(app, `${collection}/${id}/cancel`, "");
        const { job_status, completion_time } = await show(app, id);
        assertEquals(job_status, status);
        assert(completion_time !== undefined);
      }
    },
  ],
  [70, "an answer can be read as YAML", async (app) => {
    const id = await create(app);
    const text = await (await get(app, `${collection}/${id}`)).text();
    assert(!text.includes("\t"));
    assertEquals(parse(text), JSON.parse(text));
  }],
]);
