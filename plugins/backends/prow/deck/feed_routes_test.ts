import { assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { bodies, type DeckRig, startDeck } from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";

const feedSchema = z.strictObject({
  metadata: z.strictObject({ continue: z.string().optional() }).optional(),
  items: z.array(z.looseObject({
    metadata: z.looseObject({ name: z.string() }),
    spec: z.looseObject({ job: z.string() }),
  })),
});

async function jobs(rig: DeckRig, query: string): Promise<string[]> {
  const text = await rig.text(`/prowjobs.js?${query}`);
  return feedSchema.parse(JSON.parse(text)).items.map(({ spec }) => spec.job);
}

/** Newest first: free (waiting), publish (failed), verify (passed), hello (running). */
async function startFeed(): Promise<DeckRig> {
  const rig = await startDeck();
  await rig.create(bodies.hello);
  await (await rig.claim()).start();
  rig.app.advance(1000);
  await rig.run(bodies.verify);
  await rig.run(bodies.publish, { kind: "exited", exitCode: 1 });
  await rig.create(bodies.free);
  return rig;
}

const filters: readonly (readonly [string, string])[] = [
  ["", "free publish verify hello"],
  ["job=hello", "hello"],
  ["job=hell", ""],
  ["job=*i*", "publish verify"],
  ["type=presubmit", "verify"],
  ["type=periodic", "free hello"],
  ["state=success", "verify"],
  ["state=pending,failure", "publish hello"],
  ["state=TRIGGERED", "free"],
  ["org=o", "publish verify"],
  ["org=o&repo=x", ""],
  ["org=x&repo=lib", "hello"],
  ["author=ann", "verify"],
  ["owner=ann", "verify"],
  ["owner=alice", ""],
  ["pull=5", "verify"],
  ["pull=0", ""],
  ["cluster=default&state=success", "verify"],
  ["cluster=other", ""],
  ["unknown=x&org=", "free publish verify hello"],
];

for (const [query, expected] of filters) {
  Deno.test(`/prowjobs.js?${query} lists ${expected || "nothing"}`, async () => {
    await using rig = await startFeed();
    assertEquals((await jobs(rig, query)).join(" "), expected);
  });
}

Deno.test("with var the feed is one assignment, without a line break, as scripts cut it", async () => {
  await using rig = await startFeed();
  const plain = await rig.text("/prowjobs.js");
  const path = "/prowjobs.js?var=allBuilds";
  assertEquals(await rig.text(path), `var allBuilds = ${plain};`);
  const type = async (path: string) => {
    const response = await rig.app.request(path, { user });
    await response.body?.cancel();
    return response.headers.get("content-type");
  };
  assertEquals(await type(path), "application/javascript");
  assertEquals(await type("/prowjobs.js"), "application/json");
});

const omissions: readonly (readonly [string, readonly string[]])[] = [
  ["", ["labels", "annotations", "decoration_config", "image"]],
  ["labels", ["annotations", "decoration_config", "image"]],
  ["annotations,pod_spec", ["labels", "decoration_config"]],
  ["decoration_config,status", ["labels", "annotations", "image"]],
  ["annotations,labels,decoration_config,pod_spec", []],
];

for (const [omit, kept] of omissions) {
  Deno.test(`omit=${omit} keeps ${kept.join(", ") || "none of the four"}, and always the number of containers`, async () => {
    await using rig = await startFeed();
    const text = await rig.text(`/prowjobs.js?job=hello&omit=${omit}`);
    const all = ["labels", "annotations", "decoration_config", "image"];
    const shown = all.filter((name) => text.includes(`"${name}":`));
    assertEquals(shown, kept);
    const [item] = feedSchema.parse(JSON.parse(text)).items;
    const pod = z.object({ containers: z.array(z.unknown()) }).parse(
      item?.spec.pod_spec,
    );
    assertEquals(pod.containers.length, 1);
  });
}

Deno.test("an empty feed is an empty list", async () => {
  await using rig = await startDeck();
  assertEquals(await rig.text("/prowjobs.js"), `{"items":[]}`);
  assertEquals(await rig.text("/data.js?var=x"), "var x = [];");
});

Deno.test("with a limit the feed comes in pages that hold every item once", async () => {
  await using rig = await startFeed();
  const all = await jobs(rig, "");
  for (const limit of [1, 2, 3, 4, 5]) {
    const seen: string[] = [];
    let path: string | undefined = `/prowjobs.js?limit=${limit}&omit=labels`;
    for (let pages = 0; path !== undefined && pages < 10; pages++) {
      const response = await rig.app.request(path, { user });
      const page = feedSchema.parse(await response.json());
      assertEquals(page.items.length <= limit, true);
      seen.push(...page.items.map(({ spec }) => spec.job));
      const link = response.headers.get("link");
      path = /^<(.+)>; rel="next"$/.exec(link ?? "")?.[1];
      assertEquals(page.metadata?.continue !== undefined, link !== null);
    }
    assertEquals(seen, all, `in pages of ${limit}`);
  }
});

Deno.test("a filter and pages go together", async () => {
  await using rig = await startFeed();
  const first = feedSchema.parse(
    JSON.parse(await rig.text("/prowjobs.js?type=periodic&limit=1")),
  );
  assertEquals(first.items.map(({ spec }) => spec.job), ["free"]);
  const cursor = first.metadata?.continue ?? "";
  assertEquals(await jobs(rig, `type=periodic&cursor=${cursor}`), ["hello"]);
});

const refusals: readonly (readonly [string, RegExp])[] = [
  ["var=a.b", /Cannot assign to "a\.b": var must be a JavaScript name/],
  ["var=x%3Balert(1)%2F%2F", /Cannot assign to/],
  ["var=%C3%BC", /Cannot assign to/],
  ["state=done", /there is no state "done"; use triggered, pending/],
  ["state=success,", /there is no state ""/],
  ["limit=0", /limit/],
  ["limit=1001", /limit/],
  ["limit=x", /limit/],
  ["cursor=x", /cursor: use metadata\.continue/],
  ["pull=-1", /pull/],
  ["org=a&org=b", /org/],
  [`job=${"x".repeat(1001)}`, /job/],
];

for (const [query, message] of refusals) {
  for (const path of ["/prowjobs.js", "/data.js"]) {
    Deno.test(`${path}?${query.slice(0, 30)} is a 400 that says why`, async () => {
      await using rig = await startDeck();
      assertMatch(await rig.text(`${path}?${query}`, 400), message);
    });
  }
}

Deno.test("/data.js has a row of texts for each execution, as Deck writes it", async () => {
  await using rig = await startFeed();
  const rows = z.array(z.record(z.string(), z.unknown())).parse(
    JSON.parse(await rig.text("/data.js")),
  );
  const [free, , verify, hello] = rows;
  assertEquals(rows.length, 4);
  const sha = bodies.verify.refs.base_sha;
  const { prow_job, ...row } = verify ?? {};
  assertEquals(row, {
    type: "presubmit",
    refs: bodies.verify.refs,
    refs_key: `main:${sha},5:${sha}`,
    job: "verify",
    build_id: "2",
    context: "verify",
    started: "1767323046",
    finished: "2026-01-02T03:04:06Z",
    duration: "0s",
    state: "success",
    description: "Job succeeded.",
    url: "http://slipway.test/view/gs/slipway/pr-logs/pull/o_r/5/verify/2",
    pod_name: prow_job,
    agent: "kubernetes",
  });
  assertEquals(hello?.finished, "");
  assertEquals(hello?.refs, { org: "", repo: "" });
  assertEquals([free?.build_id, free?.url, free?.duration], ["", "", ""]);
});

Deno.test("a feed of more than one batch of the store is whole and in order", async () => {
  await using rig = await startDeck();
  const owner = {
    kind: "user",
    account: 1,
    name: user,
    permissions: [],
    via: "test",
    credential: "test",
  } as const;
  await rig.app.signIn(user);
  const submissions = Array.from({ length: 450 }, (_, at) => ({
    job: `j${at}`,
    request: { type: "periodic" },
    task: { type: "periodic" },
    labels: { backend: "prow", cluster: "c" },
  }));
  await rig.app.app.store.runs.submit("prow", owner, submissions);
  const expected = submissions.map(({ job }) => job).toReversed();
  assertEquals(await jobs(rig, ""), expected);
  assertEquals(await jobs(rig, "limit=300"), expected.slice(0, 300));
});
