import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "yaml";
import * as z from "zod";
import {
  bodies,
  type DeckRig,
  longJob,
  seed,
  startDeck,
} from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";
import type { ReportedEnd } from "../../../../core/protocol.ts";

const prowjobSchema = z.looseObject({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
  spec: z.looseObject({ job: z.string() }),
  status: z.record(z.string(), z.unknown()),
});

async function show(rig: DeckRig, id: string) {
  const text = await rig.text(`/prowjob?prowjob=${id}`);
  return prowjobSchema.parse(parse(text, { version: "1.1" }));
}

const found = z.looseObject({
  status: z.looseObject({ url: z.string().min(1), build_id: z.string() }),
});

/** gangway-cli's way: the text is cut at every `---`, and some piece must have URL and build id as texts (wire section 2.1). */
function asGangwayCli(text: string): { url: string; build_id: string } | null {
  for (const piece of text.split("---")) {
    const read = found.safeParse(parse(piece, { version: "1.1" }));
    if (read.success) return read.data.status;
  }
  return null;
}

Deno.test("gangway 100: gangway-cli finds URL and build id once the job runs, whatever its values hold", async () => {
  await using rig = await startDeck();
  const id = await rig.create({
    ...bodies.hello,
    pod_spec_options: {
      envs: { SCRIPT: "a\n---\nb: c\n", NUMBER: "0777" },
      annotations: { "x---y": "---" },
    },
  });
  const path = `/prowjob?prowjob=${id}`;
  assertEquals(asGangwayCli(await rig.text(path)), null);
  const { start, number } = await rig.claim();
  await start();
  const text = await rig.text(path);
  const { url, build_id } = asGangwayCli(text) ?? {};
  assertEquals(build_id, String(number));
  assertEquals(url, `http://slipway.test/view/gs/slipway/logs/hello/${number}`);
  assertMatch(text, RegExp(`^  build_id: "${number}"$`, "m"));
  const { metadata, spec } = await show(rig, id);
  assertEquals(metadata.annotations["x---y"], "---");
  assertMatch(JSON.stringify(spec), /"value":"a\\n---\\nb: c\\n"/);
});

Deno.test("gangway 100: without the parameter 400, for an unknown id 404, both in plain words", async () => {
  await using rig = await startDeck();
  const cases = [
    ["/prowjob", 400, "request did not provide the 'prowjob' query parameter"],
    [
      "/prowjob?prowjob=",
      400,
      "request did not provide the 'prowjob' query parameter",
    ],
    [
      "/prowjob?prowjob=a%22b",
      404,
      'ProwJob not found: prowjobs.prow.k8s.io "a\\"b" not found',
    ],
    ["/prowjob?prowjob=a&prowjob=b", 400, /^Cannot read the request: prowjob/],
  ] as const;
  for (const [path, status, message] of cases) {
    const response = await rig.app.request(path, { user });
    const text = await response.text();
    assertEquals(response.status, status, text);
    assertMatch(response.headers.get("content-type") ?? "", /^text\/plain/);
    if (typeof message === "string") assertEquals(text, `${message}\n`);
    else assertMatch(text, message);
  }
});

Deno.test("gangway 100: the answer is plain text that nobody keeps", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.hello);
  const response = await rig.app.request(`/prowjob?prowjob=${id}`, { user });
  await response.body?.cancel();
  assertMatch(response.headers.get("content-type") ?? "", /^text\/plain/);
  assertMatch(response.headers.get("cache-control") ?? "", /no-store/);
});

Deno.test("gangway 60: the job label is cut to 63 without trailing ._-, the annotation is whole", async () => {
  await using rig = await startDeck();
  const { metadata, spec } = await show(rig, await rig.create(bodies.long));
  assertEquals(
    metadata.labels["prow.k8s.io/job"],
    `periodic-${"x".repeat(51)}`,
  );
  assertEquals(metadata.annotations["prow.k8s.io/job"], longJob);
  assertEquals([spec.job, spec.cluster], [longJob, "build-2"]);
});

Deno.test("gangway 58: labels and annotations of the request are over those of the job", async () => {
  await using rig = await startDeck();
  const options = { labels: { own: "mine" }, annotations: { executor: "me" } };
  const id = await rig.create({ ...bodies.hello, pod_spec_options: options });
  const { labels, annotations } = (await show(rig, id)).metadata;
  assertEquals([labels.own, labels["created-by-prow"]], ["mine", "true"]);
  assertEquals([annotations.executor, annotations.say], ["me", "a---b"]);
});

const created = "2026-01-02T03:04:05Z";
const begun = "2026-01-02T03:05:05Z";
const ended = "2026-01-02T03:06:05Z";

const ends: readonly (readonly [ReportedEnd, string, RegExp])[] = [
  [{ kind: "exited", exitCode: 0 }, "success", /^Job succeeded\.$/],
  [{ kind: "exited", exitCode: 3 }, "failure", /^Job failed\.$/],
  [{ kind: "timed_out", timeoutSeconds: 9 }, "failure", /timeout of 9 s/],
  [{ kind: "cancelled" }, "aborted", /^Job aborted\.$/],
  [{ kind: "not_started", reason: "why" }, "error", /why/],
];

for (const [end, state, description] of ends) {
  Deno.test(`gangway 67: a job that ends as ${end.kind} goes from triggered over pending to ${state}`, async () => {
    await using rig = await startDeck();
    const id = await rig.create(bodies.verify);
    const status = async () => (await show(rig, id)).status;
    const waiting = { startTime: created, state: "triggered" };
    assertEquals(await status(), waiting);
    rig.app.advance(60_000);
    const attempt = await rig.claim();
    assertEquals((await status()).state, "pending");
    await attempt.start();
    const running = {
      startTime: created,
      pendingTime: begun,
      url: `http://slipway.test/view/gs/slipway/pr-logs/pull/o_r/5/verify/1`,
      pod_name: id,
      build_id: "1",
    };
    assertEquals(await status(), {
      ...running,
      state: "pending",
      description: "Job triggered.",
    });
    rig.app.advance(60_000);
    await attempt.end(end);
    const { description: words, ...rest } = await status();
    assertMatch(String(words), description);
    assertEquals(rest, { ...running, completionTime: ended, state });
  });
}

Deno.test("gangway 67: a job that is cancelled before it begins has a page that says so", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.hello);
  await rig.app.request(`/v1/runs/${id}/cancel`, { user, method: "POST" });
  const { status } = await show(rig, id);
  assertEquals(status.state, "aborted");
  assert(String(status.url).endsWith("/logs/hello/1"));
});

Deno.test("a ProwJob is what was configured when it was asked for", async () => {
  await using rig = await startDeck();
  const id = await rig.create(bodies.verify);
  await seed(rig.app, "periodics: []");
  const { spec } = await show(rig, id);
  const { pod_spec, refs, ...rest } = spec;
  assertEquals(rest, {
    type: "presubmit",
    agent: "kubernetes",
    cluster: "default",
    namespace: "default",
    job: "verify",
    report: true,
    context: "verify",
    rerun_command: "/test verify",
    max_concurrency: 2,
    decoration_config: {
      timeout: "24h0m0s",
      grace_period: "15s",
      gcs_configuration: { bucket: "slipway", path_strategy: "explicit" },
    },
    prowjob_defaults: { tenant_id: "GlobalDefaultID" },
  });
  assertEquals(pod_spec, {
    containers: [{ image: "i", command: ["sh", "-c", "echo ---"] }],
  });
  assertEquals(refs, bodies.verify.refs);
});
