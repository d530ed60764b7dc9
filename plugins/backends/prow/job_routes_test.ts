import { assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { get, startGangway } from "../../../tests/gangway.ts";
import type { TestApp } from "../../../tests/app.ts";
import { readCatalogue } from "./catalogue.ts";
import { importCatalogue } from "./catalogue_store.ts";
import { jobDetailSchema, jobSchema } from "./job_json.ts";

const page = z.strictObject({
  jobs: z.array(jobSchema.strict()),
  next: z.string().nullable(),
});
const named = z.strictObject({
  name: z.string(),
  variants: z.array(jobDetailSchema.strict()),
});

async function search(app: TestApp, query = "") {
  const response = await get(app, `/v1/jobs${query}`);
  assertEquals(response.status, 200);
  return page.parse(await response.json());
}

async function names(app: TestApp, query: string) {
  return (await search(app, query)).jobs.map(({ name }) => name);
}

async function configure(app: TestApp, text: string) {
  const { jobs, faults } = readCatalogue([{ path: "jobs.yaml", text }]);
  assertEquals(faults, []);
  await importCatalogue(app.database, jobs, app.now);
}

Deno.test("jobs are found by part of their name, type, organisation and repository", async () => {
  await using app = await startGangway();
  await configure(
    app,
    `
periodics:
- {name: nightly_100, agent: jenkins}
- {name: Nightly-two, agent: jenkins}
presubmits:
  o/r: [{name: verify, agent: jenkins}]
postsubmits:
  o/r: [{name: publish, agent: jenkins}]
  o/other-r: [{name: publish-other, agent: jenkins}]
  oo/r: [{name: publish-oo, agent: jenkins}]
  https://host/o/r: [{name: hosted, agent: jenkins}]
`,
  );
  const cases = [
    ["?name=NIGHT", ["Nightly-two", "nightly_100"]],
    ["?name=%25", []],
    ["?name=y_1", ["nightly_100"]],
    ["?name=none", []],
    ["?type=periodic", ["Nightly-two", "nightly_100"]],
    ["?type=presubmit", ["verify"]],
    ["?org=o", ["publish", "publish-other", "verify"]],
    ["?repo=r", ["hosted", "publish", "publish-oo", "verify"]],
    ["?repo=o/r&org=o", ["publish", "verify"]],
    ["?org=o&repo=r&type=postsubmit&name=pub", ["publish"]],
    ["?org=https://host/o", ["hosted"]],
  ] as const;
  for (const [query, expected] of cases) {
    assertEquals(await names(app, query), [...expected], query);
  }
});

Deno.test("pages of jobs follow each other without gap or repetition", async () => {
  await using app = await startGangway();
  const all = await search(app);
  assertEquals(all.next, null);
  const seen: unknown[] = [];
  let next: string | null = "";
  while (next !== null && seen.length < all.jobs.length) {
    const query: string = next === "" ? "" : `&cursor=${next}`;
    const found = await search(app, `?limit=2${query}`);
    seen.push(...found.jobs);
    next = found.next;
  }
  assertEquals(next, null);
  assertEquals(seen, all.jobs);
  assertEquals(all.jobs.filter(({ name }) => name === "publish").length, 2);
});

Deno.test("a job tells every variant of its name, and what it takes", async () => {
  await using app = await startGangway({ defaultTenants: { o: "team" } });
  await configure(
    app,
    `
postsubmits:
  o/r:
  - name: publish
    branches: [main]
    cluster: build
    decorate: true
    decoration_config: {timeout: 1h, grace_period: 30s}
    labels: {own: label}
    path_alias: example.org/r
    extra_refs: [{org: o, repo: tools, base_ref: main}]
    spec:
      containers:
      - name: one
        image: golang
        env: [{name: A, value: "1"}, {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}]
      - {name: two, image: golang, env: [{name: A, value: "2"}, {name: B}]}
  - {name: publish, skip_branches: [main], agent: jenkins}
`,
  );
  const response = await get(app, "/v1/jobs/publish");
  const { name, variants } = named.parse(await response.json());
  assertEquals([name, variants.length], ["publish", 2]);
  const [main, others] = variants;
  assertEquals(main, {
    name: "publish",
    type: "postsubmit",
    org: "o",
    repo: "r",
    branches: ["main"],
    skipBranches: [],
    cluster: "build",
    tenantId: "team",
    source: "jobs.yaml",
    agent: "kubernetes",
    isDecorated: true,
    timeoutSeconds: 3600,
    graceSeconds: 30,
    images: ["golang"],
    envs: [
      { name: "A", value: "2" },
      { name: "KEY", value: null },
      { name: "B", value: "" },
    ],
    labels: { own: "label" },
    annotations: {},
    cloneOptions: {
      pathAlias: "example.org/r",
      cloneUri: "",
      skipSubmodules: false,
      cloneDepth: 0,
      skipFetchHead: false,
    },
    extraRefs: [{ org: "o", repo: "tools", baseRef: "main" }],
  });
  assertEquals(
    [others?.skipBranches, others?.timeoutSeconds, others?.envs],
    [["main"], 86400, []],
  );
});

Deno.test("a periodic belongs to no repository", async () => {
  await using app = await startGangway();
  const response = await get(app, "/v1/jobs/owned");
  const { variants } = named.parse(await response.json());
  assertEquals(
    variants.map(({ org, repo, tenantId }) => [org, repo, tenantId]),
    [[null, null, "team"]],
  );
});

Deno.test("refusals about jobs are problems, as in all of the native API", async () => {
  await using app = await startGangway();
  for (
    const [path, status, detail] of [
      ["/v1/jobs/none", 404, /no such job|Cannot find job "none"/],
      ["/v1/jobs?limit=0", 400, /limit/],
      ["/v1/jobs?type=batch", 400, /type/],
      ["/v1/jobs?cursor=x", 400, /cursor/],
      ["/v1/jobs?cursor=WzFd", 400, /cursor/],
      ["/v1/jobs/a/b", 404, /Cannot find/],
    ] as const
  ) {
    const response = await get(app, path);
    assertEquals(response.status, status, path);
    assertEquals(
      response.headers.get("content-type"),
      "application/problem+json",
    );
    assertMatch((await response.json()).detail, detail);
  }
  const nobody = await app.request("/v1/jobs");
  assertEquals(nobody.status, 401);
  await nobody.body?.cancel();
});
