import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import * as z from "zod";
import {
  bodies,
  type DeckRig,
  seed,
  startDeck,
} from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";

const prowjobSchema = z.object({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
  }),
  spec: z.looseObject({ pod_spec: z.unknown() }),
  status: z.looseObject({ state: z.string() }),
});

async function send(
  rig: DeckRig,
  path: string,
  init: Parameters<DeckRig["app"]["request"]>[1] = {},
) {
  const response = await rig.app.request(path, {
    user,
    method: "POST",
    ...init,
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
}

async function prowjob(rig: DeckRig, path: string) {
  return prowjobSchema.parse(parse(await rig.text(path)));
}

/** What a rerun made. */
async function rerun(rig: DeckRig, id: string, mode = "", as = user) {
  const path = `/rerun?prowjob=${id}${mode && `&mode=${mode}`}`;
  const { status, text, headers } = await send(rig, path, { user: as });
  assertEquals(status, 200, text);
  assertMatch(text, /^Job successfully triggered\./);
  return await prowjob(rig, headers.get("location") ?? "");
}

const asked = {
  ...bodies.verify,
  pod_spec_options: { envs: { A: "1" }, labels: { by: "me" } },
};
const changed =
  "presubmits: {o/r: [{name: verify, cluster: new, spec: {containers: [{image: new}]}}]}";
const added = { env: [{ name: "A", value: "1" }] };

Deno.test("a rerun repeats an execution as it was, with its own identity and state", async () => {
  await using rig = await startDeck();
  const id = await rig.create(asked);
  const before = await prowjob(rig, `/prowjob?prowjob=${id}`);
  await seed(rig.app, changed);
  for (const mode of ["", "original"]) {
    const again = await rerun(rig, id, mode);
    assertEquals(again.spec, before.spec);
    assertEquals(again.metadata.labels, before.metadata.labels);
    assertEquals(again.status.state, "triggered");
    assertEquals(again.metadata.name === id, false);
  }
});

Deno.test("a rerun with the latest configuration keeps the refs and what was asked for", async () => {
  await using rig = await startDeck();
  const id = await rig.create(asked);
  await seed(rig.app, changed);
  const { spec, metadata } = await rerun(rig, id, "latest");
  assertEquals(spec.pod_spec, { containers: [{ image: "new", ...added }] });
  assertEquals(spec.cluster, "new");
  assertEquals(spec.refs, bodies.verify.refs);
  assertEquals(metadata.labels.by, "me");
});

Deno.test("GET of a rerun shows what POST would make, and makes nothing", async () => {
  await using rig = await startDeck();
  const id = await rig.create(asked);
  await seed(rig.app, changed);
  const shown = await prowjob(rig, `/rerun?prowjob=${id}&mode=latest`);
  const runs = await rig.app.app.store.runs.list({ backend: "prow" });
  assertEquals(runs.length, 1);
  const made = await rerun(rig, id, "latest");
  assertEquals(shown.spec, made.spec);
  assertEquals(shown.status.state, "triggered");
  assertMatch(shown.metadata.name, /^[0-9a-f-]{36}$/);
});

Deno.test("somebody else's execution is rerun by administrators only, unless the job allows anyone", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.hello, "bob");
  const path = `/rerun?prowjob=${id}`;
  const refused = await send(rig, path);
  assertEquals(refused.status, 403);
  assertMatch(refused.text, /^Cannot rerun this job: it is bob's\n$/);
  assertEquals((await send(rig, path, { user: "bob" })).status, 200);
  assertEquals((await send(rig, path, { role: "admin" })).status, 200);
  const free = await rig.create(bodies.free, "bob");
  await rerun(rig, free);
});

Deno.test("a rerun belongs to who asked for it", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.free, "bob");
  const { metadata } = await rerun(rig, id, "", "carol");
  const run = await rig.app.app.store.runs.find(metadata.name);
  assertEquals(run?.owner.name, "carol");
});

Deno.test("nobody reruns another tenant's job", async () => {
  await using rig = await startDeck({
    tenants: { "user:bob": ["*"], "*": ["mine"] },
  });
  const id = await rig.create(bodies.free, "bob");
  for (const mode of ["original", "latest"]) {
    const path = `/rerun?prowjob=${id}&mode=${mode}`;
    const { status, text } = await send(rig, path);
    assertEquals(status, 403, mode);
    assertMatch(text, /client is not authorized to execute the given job/);
  }
});

Deno.test("an Idempotency-Key makes a repeated rerun one", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.hello);
  const headers = { "idempotency-key": "again" };
  const path = `/rerun?prowjob=${id}`;
  const first = await send(rig, path, { headers });
  const second = await send(rig, path, { headers });
  assertEquals([first.status, second.text], [200, first.text]);
  const runs = await rig.app.app.store.runs.list({ backend: "prow" });
  assertEquals(runs.length, 2);
});

for (const endpoint of ["/rerun", "/abort"]) {
  const origins: readonly (readonly [Record<string, string>, boolean])[] = [
    [{}, true],
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ origin: "http://slipway.test" }, true],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ origin: "http://evil.test" }, false],
    [{ origin: "null" }, false],
  ];
  for (const [headers, isTaken] of origins) {
    Deno.test(`POST ${endpoint} with ${JSON.stringify(headers)} is ${isTaken ? "taken" : "refused"}`, async () => {
      await using rig = await startDeck();
      const id = await rig.create(bodies.hello);
      const path = `${endpoint}?prowjob=${id}`;
      const { status } = await send(rig, path, { headers });
      assertEquals(status, isTaken ? 200 : 403);
    });
  }
}

const gone =
  'Could not create new prowjob: Failed getting prowjob spec: failed to find associated periodic job "hello"';

Deno.test("a rerun that cannot be made says why, and makes nothing", async () => {
  for (const strict of [false, true]) {
    await using rig = await startDeck({ strict });
    const id = await rig.create(bodies.hello);
    await seed(rig.app, "periodics: []");
    for (const method of ["GET", "POST"]) {
      const cases = [
        ["", 400, "request did not provide the 'prowjob' query parameter"],
        ["?prowjob=x", 404, "ProwJob not found: prowjobs.prow.k8s.io"],
        [`?prowjob=${id}&mode=late`, 400, "use latest or original"],
        [`?prowjob=${id}&mode=latest`, 400, gone],
      ] as const;
      for (const [query, status, message] of cases) {
        const answer = await send(rig, `/rerun${query}`, { method });
        assertEquals(answer.status, status, answer.text);
        assertStringIncludes(answer.text, message);
      }
    }
    const runs = await rig.app.app.store.runs.list({ backend: "prow" });
    assertEquals(runs.length, 1);
  }
});

Deno.test("abort ends a waiting execution at once, and tells the runner of a live one", async () => {
  await using rig = await startDeck();
  const waiting = await rig.create(bodies.hello);
  const state = async (id: string) =>
    (await prowjob(rig, `/prowjob?prowjob=${id}`)).status.state;
  const aborted = await send(rig, `/abort?prowjob=${waiting}`);
  assertEquals([aborted.status, aborted.text], [
    200,
    "Job successfully aborted.",
  ]);
  assertEquals(await state(waiting), "aborted");
  const running = await rig.create(bodies.hello);
  const attempt = await rig.claim();
  await attempt.start();
  assertEquals((await send(rig, `/abort?prowjob=${running}`)).status, 200);
  assertEquals(await state(running), "pending");
  await attempt.end({ kind: "cancelled" });
  assertEquals(await state(running), "aborted");
});

for (
  const [end, state] of [
    [{ kind: "exited", exitCode: 0 }, "success"],
    [{ kind: "exited", exitCode: 1 }, "failure"],
    [{ kind: "cancelled" }, "aborted"],
    [{ kind: "not_started", reason: "no" }, "error"],
  ] as const
) {
  Deno.test(`an execution that ended in ${state} cannot be aborted`, async () => {
    await using rig = await startDeck();
    const { id } = await rig.run(bodies.hello, end);
    const { status, text } = await send(rig, `/abort?prowjob=${id}`);
    assertEquals([status, text], [
      400,
      `Cannot abort job with state: "${state}".\n`,
    ]);
  });
}

Deno.test("abort refuses a GET, no name, an unknown one, and somebody else's", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.hello, "bob");
  const path = `/abort?prowjob=${id}`;
  assertEquals((await send(rig, path, { method: "GET" })).status, 405);
  assertEquals((await send(rig, "/abort")).status, 400);
  assertEquals((await send(rig, "/abort?prowjob=x")).status, 404);
  assertEquals((await send(rig, path)).status, 403);
  assertEquals((await send(rig, path, { role: "admin" })).status, 200);
});
