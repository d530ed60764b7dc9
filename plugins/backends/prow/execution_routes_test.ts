import { assert, assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import {
  attempt,
  collection,
  created,
  get,
  hello,
  post,
  refs,
  refused,
  runOf,
  startGangway,
  user,
} from "../../../tests/gangway.ts";
import type { TestApp } from "../../../tests/app.ts";
import { fullExecutionSchema } from "./full_execution.ts";

const one = fullExecutionSchema.strict();
const many = z.strictObject({
  job_execution: z.array(one),
  next_page_token: z.string().optional(),
});

const publish = {
  job_name: "publish",
  job_execution_type: 2,
  refs,
  pod_spec_options: { envs: { A: "1" } },
};

async function create(app: TestApp, body: unknown = hello) {
  return (await created(await post(app, collection, body))).id;
}

async function showFull(app: TestApp, id: string) {
  const response = await get(app, `${collection}/${id}?view=full`);
  assertEquals(response.status, 200);
  return one.parse(await response.json());
}

Deno.test("the full view of a waiting execution tells what was asked, by whom, and its turn", async () => {
  await using app = await startGangway();
  await create(app);
  const id = await create(app, publish);
  const full = await showFull(app, id);
  assertEquals(full.refs?.base_ref, "main");
  assertEquals(full.pod_spec_options?.envs, { A: "1" });
  const { refs: _refs, pod_spec_options: _options, ...rest } = full;
  const base = "http://slipway.test";
  assertEquals(Object.entries(rest), [
    ["id", id],
    ["job_name", "publish"],
    ["job_type", "POSTSUBMIT"],
    ["job_status", "TRIGGERED"],
    ["gcs_path", full.gcs_path],
    ["create_time", "2026-01-02T03:04:05Z"],
    ["job_url", ""],
    ["build_id", "2"],
    ["state", "queued"],
    ["message", ""],
    ["owner", user],
    ["tenant_id", "GlobalDefaultID"],
    ["cluster", "default"],
    ["attempt", 0],
    ["queue_position", 2],
    ["cancel_requested", false],
    ["run_url", `${base}/v1/runs/${id}`],
    ["log_url", `${base}/v1/runs/${id}/log`],
  ]);
});

Deno.test("the full view of an ended execution tells why it ended", async () => {
  await using app = await startGangway();
  const id = await create(app);
  await attempt(app, { kind: "not_started", reason: "there is no image" });
  const full = await showFull(app, id);
  assertEquals(full.job_status, "ERROR");
  assertMatch(full.message, /there is no image/);
  assertEquals([full.attempt, full.start_time], [1, "2026-01-02T03:04:05Z"]);
  assert(!("queue_position" in full) && !("refs" in full));
});

Deno.test("a full list holds the full view of each, page by page", async () => {
  await using app = await startGangway();
  const first = await create(app, publish);
  const second = await create(app);
  const list = async (query: string) => {
    const response = await get(app, `${collection}?view=full${query}`);
    return many.parse(await response.json());
  };
  assertEquals((await list("")).job_execution, [
    await showFull(app, second),
    await showFull(app, first),
  ]);
  const page = await list("&page_size=1");
  assertEquals(page.job_execution.map(({ id }) => id), [second]);
  const next = await list(`&page_size=1&page_token=${page.next_page_token}`);
  assertEquals(next.job_execution, [await showFull(app, first)]);
  assertEquals(next.next_page_token, "");
});

Deno.test("a view that there is not is a 400", async () => {
  await using app = await startGangway();
  const id = await create(app);
  for (const path of [collection, `${collection}/${id}`]) {
    const refusal = await refused(await get(app, `${path}?view=large`));
    assertEquals([refusal.status, refusal.message], [
      400,
      'Cannot show the view "large": use full, or leave view out',
    ]);
  }
});

Deno.test("a waiting execution is cancelled at once, and cancelling it again changes nothing", async () => {
  await using app = await startGangway();
  const id = await create(app);
  const cancel = async () =>
    await created(await post(app, `${collection}/${id}/cancel`, ""));
  const cancelled = await cancel();
  assertEquals([cancelled.id, cancelled.job_status], [id, "ABORTED"]);
  app.advance(60_000);
  assertEquals(await cancel(), cancelled);
});

Deno.test("the runner of a live execution is told to stop it", async () => {
  await using app = await startGangway();
  const id = await create(app);
  await attempt(app);
  const answer = await post(app, `${collection}/${id}/cancel`, "{}");
  assertEquals((await created(answer)).job_status, "PENDING");
  assertEquals((await showFull(app, id)).cancel_requested, true);
});

Deno.test("somebody else's execution is an administrator's to cancel", async () => {
  await using app = await startGangway();
  const id = await create(app);
  const path = `${collection}/${id}/cancel`;
  const init = { user: "bob", method: "POST" };
  assertEquals(await refused(await app.request(path, init)), {
    status: 403,
    code: 7,
    message: `Cannot cancel execution ${id}: it is ${user}'s`,
  });
  assertEquals((await runOf(app, id)).state, "queued");
  const viewer = await app.request(path, {
    user,
    role: "viewer",
    method: "POST",
  });
  assertEquals((await refused(viewer)).status, 403);
  const admin = await app.request(path, { ...init, role: "admin" });
  assertEquals((await created(admin)).job_status, "ABORTED");
});

Deno.test("an execution that is not there cannot be cancelled", async () => {
  await using app = await startGangway();
  const refusal = await refused(
    await post(app, `${collection}/nope/cancel`, ""),
  );
  assertEquals([refusal.status, refusal.message], [
    404,
    'prowjobs.prow.k8s.io "nope" not found',
  ]);
});
