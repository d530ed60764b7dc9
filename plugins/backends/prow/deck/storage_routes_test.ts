import { assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { bodies, type DeckRig, startDeck } from "../../../../tests/deck.ts";
import { user } from "../../../../tests/gangway.ts";

const listingSchema = z.strictObject({
  prefix: z.string(),
  prefixes: z.array(z.string()),
  items: z.array(z.strictObject({
    name: z.string(),
    size: z.number(),
    contentType: z.string(),
    updated: z.iso.datetime(),
  })),
});

async function list(rig: DeckRig, path: string) {
  const text = await rig.text(`/storage/slipway/${path}?format=json`);
  const { prefix, prefixes, items } = listingSchema.parse(JSON.parse(text));
  assertEquals(prefix, `${path.replace(/\/$/, "")}/`);
  const own = (name: string) => name.slice(prefix.length);
  return [...prefixes, ...items.map(({ name }) => name)].map(own);
}

async function get(
  rig: DeckRig,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
) {
  return await rig.app.request(`/storage/slipway/${path}`, {
    user,
    headers,
    method,
  });
}

/** hello, build 1, whose executor handed in what executors do; verify, build 2, which never began. */
async function startStorage(): Promise<DeckRig> {
  const rig = await startDeck();
  await rig.create(bodies.hello);
  const attempt = await rig.claim();
  await attempt.start();
  await attempt.log("one\ntwo\n");
  const files = [
    ["started.json", `{"timestamp":1}`, "application/json"],
    ["clone-records.json", "[]", "application/json"],
    ["prowjob.json", "forged", "application/json"],
    ["build-log.txt", "forged", "text/plain"],
    ["artifacts/junit.xml", "<testsuite/>", "application/xml"],
    ["artifacts/a b/page.html", "<script>", "text/html"],
    ["artifacts/a b/7/notes.txt", "notes", "text/plain; charset=utf-8"],
  ] as const;
  for (const [path, content, type] of files) {
    await attempt.upload(path, content, type);
  }
  await attempt.end({ kind: "exited", exitCode: 0 }, 8);
  await rig.create(bodies.verify);
  const never = await rig.claim();
  await never.end({ kind: "not_started", reason: "no" });
  return rig;
}

const hello = "logs/hello/1";
const verify = "pr-logs/pull/o_r/5/verify/2";

const folders: readonly (readonly [string, readonly string[]])[] = [
  ["logs/hello", ["1/", "latest-build.txt"]],
  [`${hello}/`, [
    "artifacts/",
    "build-log.txt",
    "clone-records.json",
    "finished.json",
    "prowjob.json",
    "started.json",
  ]],
  [`${hello}/artifacts`, ["a b/", "junit.xml"]],
  [`${hello}/artifacts/a%20b/`, ["7/", "page.html"]],
  ["pr-logs/directory/verify", ["latest-build.txt", "2.txt"]],
  ["pr-logs/pull/o_r/5/verify", ["2/", "latest-build.txt"]],
  [verify, ["build-log.txt", "finished.json", "prowjob.json", "started.json"]],
];

for (const [path, names] of folders) {
  Deno.test(`the folder ${path} has ${names.join(", ")}`, async () => {
    await using rig = await startStorage();
    const decoded = decodeURIComponent(path);
    const text = await rig.text(`/storage/slipway/${path}?format=json`);
    const { prefix, prefixes, items } = listingSchema.parse(JSON.parse(text));
    assertEquals(prefix, `${decoded.replace(/\/$/, "")}/`);
    const all = [...prefixes, ...items.map(({ name }) => name)];
    assertEquals(all.map((name) => name.slice(prefix.length)), names);
  });
}

Deno.test("every link of a folder's page leads somewhere", async () => {
  await using rig = await startStorage();
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = await rig.text(path);
    if (!path.endsWith("/")) return;
    for (const [, href = ""] of text.matchAll(/href="([^"]+)"/g)) {
      await visit(href);
    }
  };
  await visit("/storage/slipway/logs/hello/");
  await visit("/storage/slipway/pr-logs/directory/verify/");
  assertEquals(seen.size, 17);
});

const files: readonly (readonly [string, string | RegExp])[] = [
  ["logs/hello/latest-build.txt", "1"],
  ["pr-logs/directory/verify/latest-build.txt", "2"],
  ["pr-logs/pull/o_r/5/verify/latest-build.txt", "2"],
  ["pr-logs/directory/verify/2.txt", `gs://slipway/${verify}`],
  [`${hello}/build-log.txt`, "one\ntwo\n"],
  [`${hello}/started.json`, `{"timestamp":1}`],
  [`${hello}/clone-records.json`, "[]"],
  [`${hello}/finished.json`, /"passed": true,[^]*"result": "SUCCESS"/],
  [`${hello}/prowjob.json`, /"kind": "ProwJob",[^]*"build_id": "1"/],
  [`${hello}/artifacts/junit.xml`, "<testsuite/>"],
  [`${hello}/artifacts/a%20b/7/notes.txt`, "notes"],
  [`${verify}/build-log.txt`, ""],
  [`${verify}/finished.json`, /"passed": false,[^]*"result": "ERROR"/],
  [
    `${verify}/started.json`,
    /"timestamp": 1767323045,[^]*"pull": "5",[^]*"o\/r": "main:[0-9a-f]{40},5:/,
  ],
];

for (const [path, content] of files) {
  Deno.test(`the file ${path} is what Prow would store there`, async () => {
    await using rig = await startStorage();
    const text = await rig.text(`/storage/slipway/${path}`);
    if (typeof content === "string") assertEquals(text, content);
    else assertMatch(text, content);
  });
}

const dispositions: readonly (readonly [string, RegExp])[] = [
  [`${hello}/build-log.txt`, /^inline;/],
  [`${hello}/prowjob.json`, /^inline;/],
  [`${hello}/artifacts/a%20b/7/notes.txt`, /^inline;/],
  [`${hello}/artifacts/junit.xml`, /^attachment;/],
  [`${hello}/artifacts/a%20b/page.html`, /^attachment;.*page\.html$/],
];

for (const [path, disposition] of dispositions) {
  Deno.test(`${path} is ${disposition.source.slice(1, -1)}, and runs nowhere`, async () => {
    await using rig = await startStorage();
    const response = await get(rig, path);
    await response.body?.cancel();
    const header = (name: string) => response.headers.get(name) ?? "";
    assertMatch(header("content-disposition"), disposition);
    assertEquals(header("x-content-type-options"), "nosniff");
    assertEquals(
      header("content-security-policy"),
      "sandbox; default-src 'none'",
    );
  });
}

for (const file of ["build-log.txt", "started.json", "artifacts/junit.xml"]) {
  Deno.test(`a part of ${file} can be asked for, and its size alone`, async () => {
    await using rig = await startStorage();
    const path = `${hello}/${file}`;
    const whole = await rig.text(`/storage/slipway/${path}`);
    const part = await get(rig, path, { range: "bytes=1-3" });
    assertEquals([part.status, await part.text()], [206, whole.slice(1, 4)]);
    const end = await get(rig, path, { range: "bytes=-2" });
    assertEquals([end.status, await end.text()], [206, whole.slice(-2)]);
    const behind = await get(rig, path, { range: "bytes=999-" });
    assertEquals(behind.status, 416);
    await behind.body?.cancel();
    const head = await get(rig, path, {}, "HEAD");
    assertEquals(head.headers.get("content-length"), String(whole.length));
    await head.body?.cancel();
  });
}

Deno.test("a folder is a page to a browser and JSON to who asks for it", async () => {
  await using rig = await startStorage();
  const types = async (headers: Record<string, string>) => {
    const response = await get(rig, "logs/hello", headers);
    await response.body?.cancel();
    return response.headers.get("content-type");
  };
  assertEquals(await types({}), "text/html; charset=utf-8");
  assertEquals(await types({ accept: "application/json" }), "application/json");
});

Deno.test("latest-build.txt is of the newest build that has begun", async () => {
  await using rig = await startStorage();
  await rig.run(bodies.hello);
  await rig.create(bodies.hello);
  const latest = "/storage/slipway/logs/hello/latest-build.txt";
  assertEquals(await rig.text(latest), "3");
  assertEquals(await list(rig, "logs/hello"), [
    "3/",
    "1/",
    "latest-build.txt",
  ]);
});

for (
  const path of [
    "slipway/logs",
    "slipway/logs/none",
    "slipway/logs/none/latest-build.txt",
    "slipway/logs/verify/2",
    "slipway/logs/hello/2",
    "slipway/logs/hello/99",
    "slipway/logs/hello/1/none.txt",
    "slipway/logs/hello/1/artifacts/none/",
    "slipway/logs/hello/01",
    "slipway/pr-logs/pull/o_r/6/verify/2",
    "slipway/pr-logs/pull/o_r/5/verify/1",
    "slipway/pr-logs/directory/verify/1.txt",
    "slipway/pr-logs/directory/hello",
    "slipway/%2e%2e/%2e%2e/etc/passwd",
    "slipway/logs/%00",
    "slipway/logs/%ff",
    `slipway/${"1/".repeat(200)}`,
    "other/logs/hello/1",
  ]
) {
  Deno.test(`nothing is at ${path.slice(0, 50)}`, async () => {
    await using rig = await startStorage();
    const response = await rig.app.request(`/storage/${path}`, { user });
    assertEquals(response.status, 404, await response.text());
  });
}

Deno.test("a build of a job whose name a URL cannot hold as it is is found all the same", async () => {
  await using rig = await startDeck();
  const name = "a b?#%/7/ü";
  const { id } = await submit(rig, { job: name });
  const url = /^ {2}url: "?([^"\n]+)/m.exec(
    await rig.text(`/prowjob?prowjob=${id}`),
  )?.[1] ?? "";
  assertEquals(
    url,
    "http://slipway.test/view/gs/slipway/logs/a%20b%3F%23%25/7/%C3%BC/1",
  );
  const page = await rig.text(url);
  const files = /href="([^"]+)">Artifacts<\/a>/.exec(page)?.[1] ?? "";
  await rig.text(files);
  assertMatch(await rig.text(`${files}finished.json`), /SUCCESS/);
  const history = /href="([^"]+)">Job History<\/a>/.exec(page)?.[1] ?? "";
  assertMatch(await rig.text(history), /"ID":"1"/);
});

async function submit(rig: DeckRig, { job }: { job: string }) {
  await rig.app.signIn(user);
  const owner = {
    kind: "user",
    account: 1,
    name: user,
    permissions: [],
    via: "test",
    credential: "test",
  } as const;
  const [run] = await rig.app.app.store.runs.submit("prow", owner, [{
    job,
    request: { type: "periodic" },
    task: { type: "periodic" },
    labels: { backend: "prow", cluster: "default" },
    outcome: { state: "passed", message: "" },
  }]);
  return { id: run?.id ?? "" };
}

Deno.test("the page of a build names what it is and where its files are", async () => {
  await using rig = await startStorage();
  const page = await rig.text(`/view/gs/slipway/${verify}`);
  for (const words of ["verify #2", "ERROR", "o/r", "Job cannot start: no"]) {
    assertEquals(page.includes(words), true, words);
  }
  for (const [, href = ""] of page.matchAll(/href="([^"]+)"/g)) {
    await rig.text(href);
  }
  await rig.text(`/view/gs/slipway/${verify}/started.json`, 404);
  await rig.text(`/view/gs/other/${verify}`, 404);
});
