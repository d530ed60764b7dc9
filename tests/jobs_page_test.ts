import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { csrfFieldName, csrfToken } from "../http/csrf.ts";
import { sessionCookie } from "../http/cookie.ts";
import { jobPath } from "../plugins/backends/prow/pages/job_path.ts";
import { bodies, type DeckRig, longJob, seed, startDeck } from "./deck.ts";
import { assertHarmless, type Page, readPage } from "./pages.ts";

const failed = { kind: "exited", exitCode: 1 } as const;
const sha = bodies.verify.refs.pulls[0]?.sha ?? "";

/** A job for each branch of a repository, and one for another; a name of two types; one of a folder. */
const catalogue = `
periodics:
- {name: both, agent: jenkins, cron: "0 6 * * *"}
- {name: folder/of/job, agent: jenkins}
- {name: "..", agent: jenkins}
- {name: owned, agent: jenkins, cluster: far, prowjob_defaults: {tenant_id: team}}
- name: told
  annotations: {description: Tests the storage.}
  decorate: true
  decoration_config: {timeout: 2h, grace_period: 30s}
  extra_refs: [{org: x, repo: lib, base_ref: dev}]
  spec:
    containers:
    - image: registry.example.org/runner
      command: [sh, -c]
      args: ["echo 'hi'"]
      env: [{name: SIZE, value: small}, {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}]
presubmits:
  o/r:
  - {name: unit, agent: jenkins, branches: [^main$]}
  - {name: unit, agent: jenkins, branches: ["^release-1\\\\.0$"]}
  - {name: rival, agent: jenkins, branches: [main]}
  - {name: rival, agent: jenkins, branches: [^main$]}
  p/r:
  - {name: unit, agent: jenkins, cluster: near}
postsubmits:
  o/r: [{name: both, agent: jenkins, branches: [^main$]}]
  https://gerrit.example.org/tools: [{name: reviewed, agent: jenkins}]
`;

async function startJobs(
  options: Parameters<typeof startDeck>[0] = {},
): Promise<DeckRig> {
  const rig = await startDeck(options);
  await seed(rig.app, catalogue);
  return rig;
}

const names = ({ document }: Page) =>
  [...document.querySelectorAll("table.jobs th[scope=row]")].map((cell) =>
    cell.textContent
  );

/** Sends the form of a job's page as a browser does. */
async function trigger(
  { app }: Pick<DeckRig, "app">,
  path: string,
  fields: Readonly<Record<string, string>>,
  user = "alice",
): Promise<Page> {
  const response = await app.request(path, {
    user,
    method: "POST",
    headers: { accept: "text/html" },
    body: new URLSearchParams(fields),
  });
  const html = await response.text();
  // Read as every page is, though it was sent.
  const sent = {
    request: () => Promise.resolve(new Response(html, response)),
  };
  return await readPage({ app: { ...app, ...sent } }, path);
}

async function runCount({ app }: DeckRig): Promise<number> {
  return (await app.app.store.runs.list({})).length;
}

function fault({ document }: Page, field: string): string {
  const control = document.querySelector(`[name="${field}"]`);
  assertEquals(control?.getAttribute("aria-invalid"), "true", field);
  const id = control?.getAttribute("aria-describedby") ?? "";
  return document.getElementById(id)?.textContent ?? "";
}

Deno.test("jobs are searched by part of the name or a glob, type, repository, cluster and agent", async () => {
  await using rig = await startJobs();
  for (
    const [query, expected] of [
      ["?name=UNI", ["unit", "unit", "unit"]],
      ["?name=*OL?", ["told"]],
      ["?name=ol?", []],
      ["?name=fold*", ["folder/of/job"]],
      ["?name=[u]*", []],
      ["?type=postsubmit", ["both", "reviewed"]],
      ["?org=p&name=unit", ["unit"]],
      ["?repo=o/r&type=postsubmit", ["both"]],
      ["?cluster=near", ["unit"]],
      ["?agent=kubernetes", ["told"]],
    ] as const
  ) {
    const page = await readPage(rig, `/jobs${query}`, "alice");
    assertEquals(page.status, 200);
    assertEquals(names(page), [...expected], query);
  }
  const none = await readPage(rig, "/jobs?name=none", "alice");
  assertStringIncludes(none.text, "No job is like this");
  const wrong = await readPage(rig, "/jobs?type=odd&name=u", "alice");
  assertEquals(wrong.status, 400);
  assertStringIncludes(fault(wrong, "type"), "There is no such type");
  assertEquals(
    wrong.document.querySelector('[name="name"]')?.getAttribute("value"),
    "u",
  );
  await seed(rig.app, "");
  assertStringIncludes(
    (await readPage(rig, "/jobs", "alice")).text,
    "deno task catalog import DIR",
  );
});

Deno.test("pages of jobs lead on and back without gap or repetition", async () => {
  await using rig = await startJobs();
  const all = Array.from(
    { length: 120 },
    (_, at) => `job-${String(at).padStart(3, "0")}`,
  );
  await seed(
    rig.app,
    `periodics:\n${
      all.map((name) => `- {name: ${name}, agent: jenkins}\n`).join("")
    }`,
  );
  const walk = async (start: string, rel: string) => {
    const pages: string[][] = [];
    let [path, last]: (string | null | undefined)[] = [start, start];
    while (path) {
      last = path;
      const page: Page = await readPage(rig, path, "alice");
      pages.push(names(page));
      path = page.document.querySelector(`a[rel="${rel}"]`)
        ?.getAttribute("href");
    }
    return { pages, last: last ?? "" };
  };
  const on = await walk("/jobs?name=job-*", "next");
  assertEquals(on.pages.map(({ length }) => length), [50, 50, 20]);
  assertEquals(on.pages.flat(), all);
  const back = await walk(on.last, "prev");
  assertEquals(back.pages.toReversed().flat(), all);
  const broken = await readPage(rig, "/jobs?cursor=odd", "alice");
  assertEquals(broken.status, 400);
});

Deno.test("a list of jobs tells how the last build of each went, of those that the reader may see", async () => {
  await using rig = await startDeck();
  await rig.run(bodies.hello);
  const { number } = await rig.run(bodies.hello, failed);
  await rig.run(bodies.free);
  await rig.app.database.batch([
    sql`update run set is_private = 1 where job = 'free'`,
  ]);
  const cell = async (job: string, user: string) =>
    [...(await readPage(rig, `/jobs?name=${job}`, user)).document
      .querySelectorAll("tbody td")].at(-1)?.textContent ?? "";
  assertStringIncludes(await cell("hello", "bob"), `✗ failed #${number}`);
  assertStringIncludes(await cell("free", "alice"), "passed");
  assertEquals(await cell("free", "bob"), "no build yet");
});

Deno.test("a job's page says what it is, and where its repositories are", async () => {
  await using rig = await startJobs({ defaultTenants: { o: "team-o" } });
  const { text, document } = await readPage(rig, "/jobs/told", "alice");
  for (
    const fact of [
      "Tests the storage.",
      "registry.example.org/runner",
      `sh -c 'echo '\\''hi'\\'''`,
      "SIZE=small",
      "KEY (known to the cluster)",
      "2 h, then 30 s",
      "deck.yaml",
    ]
  ) assertStringIncludes(text, fact);
  assert(document.querySelector('a[href="https://github.com/x/lib"]'));
  const unit = await readPage(rig, "/jobs/unit", "alice");
  assertStringIncludes(unit.text, "3 jobs have this name");
  assertStringIncludes(unit.text, "team-o");
  assert(unit.document.querySelector('a[href="https://github.com/p/r"]'));
  const both = await readPage(rig, "/jobs/both?type=periodic", "alice");
  assertStringIncludes(both.text, "0 6 * * *");
  const gerrit = await readPage(rig, "/jobs/reviewed", "alice");
  assert(
    gerrit.document.querySelector('a[href="https://gerrit.example.org/tools"]'),
  );
});

Deno.test("a job of any name has a page, and a name that is none has none", async () => {
  await using rig = await startJobs();
  for (const name of ["folder/of/job", "..", "unit"]) {
    const page = await readPage(rig, jobPath(name), "alice");
    assertEquals(page.status, 200, name);
    assertEquals(page.document.querySelector("h1")?.textContent, name);
  }
  // As people write it.
  assertEquals(
    (await readPage(rig, "/jobs/folder/of/job", "alice")).status,
    200,
  );
  for (const path of ["/jobs/none", "/jobs/folder", "/jobs/Unit"]) {
    assertEquals((await readPage(rig, path, "alice")).status, 404, path);
  }
});

Deno.test("builds are squares with state, duration and revision as text, newest first, and figures tell of them together", async () => {
  await using rig = await startDeck();
  for (const end of [undefined, failed, undefined, undefined]) {
    await rig.run(bodies.verify, end);
    rig.app.advance(60_000);
  }
  await rig.app.database.batch([
    sql`update run set finished_at = started_at + 1000 * number`,
  ]);
  await rig.create(bodies.verify);
  const page = await readPage(rig, "/jobs/verify", "alice");
  const squares = [...page.document.querySelectorAll(".builds a")];
  assertEquals(squares.map((each) => each.getAttribute("href")), [
    "/runs/5",
    "/runs/4",
    "/runs/3",
    "/runs/2",
    "/runs/1",
  ]);
  assertEquals(squares[0]?.textContent, "…#5 queued, now, main #5");
  assertEquals(
    squares[3]?.textContent,
    "✗#2 failed in 2.0 s, 3 min ago, main #5",
  );
  assertStringIncludes(page.text, "75 % passed (3 of 4 with a result)");
  assertStringIncludes(page.text, "half take at most 2.0 s");
  assertStringIncludes(page.text, "Of all builds that you may see.");
});

Deno.test("pages of builds lead to older and to newer ones without gap or repetition", async () => {
  await using rig = await startDeck();
  const { account } = await rig.app.app.store.accounts.ensure("user", "al", []);
  await rig.app.app.store.runs.submit(
    "prow",
    { account: account.id, name: "al" },
    Array.from({ length: 250 }, () => ({
      job: "hello",
      request: {},
      task: {},
      labels: { backend: "prow", cluster: "default" },
    })),
  );
  const numbers = ({ document }: Page) =>
    [...document.querySelectorAll(".builds a")].map((each) =>
      Number(each.getAttribute("href")?.split("/")[2])
    );
  const walk = async (start: string, rel: string) => {
    const pages: number[][] = [];
    let [path, last]: (string | null | undefined)[] = [start, start];
    while (path) {
      last = path;
      const page: Page = await readPage(rig, path, "alice");
      pages.push(numbers(page));
      path = page.document.querySelector(`a[rel="${rel}"]`)
        ?.getAttribute("href");
    }
    return { pages, last: last ?? "" };
  };
  const expected = Array.from({ length: 250 }, (_, at) => 250 - at);
  const older = await walk("/jobs/hello", "next");
  assertEquals(older.pages.flat(), expected);
  const newer = await walk(older.last, "prev");
  assertEquals(newer.pages.toReversed().flat(), expected);
  const beyond = await readPage(rig, "/jobs/hello?before=1", "alice");
  assertStringIncludes(beyond.text, "No more builds.");
});

Deno.test("builds of a job that the catalogue has no more are still shown, without a form", async () => {
  await using rig = await startDeck();
  await rig.run(bodies.hello);
  await seed(rig.app, "");
  const page = await readPage(rig, "/jobs/hello", "alice");
  assertEquals(page.status, 200);
  assertEquals([...page.document.querySelectorAll(".builds a")].length, 1);
  assert(!page.document.querySelector("form[method=post]"));
  assertStringIncludes(page.text, "The catalogue has no job of this name");
});

Deno.test("the form runs a job as the API does, with variables, labels and annotations, and leads to the run", async () => {
  await using rig = await startDeck();
  await rig.create({
    ...bodies.hello,
    pod_spec_options: {
      envs: { A: "1=2 ", "B.c": "x" },
      labels: { team: "storage" },
      annotations: { why: "a b" },
    },
  });
  const page = await trigger(rig, "/jobs/hello", {
    type: "periodic",
    envs: "A=1=2 \r\n\r\n  B.c=x\r\n",
    labels: "team=storage",
    annotations: "why=a b",
  });
  assertEquals(page.status, 303);
  assertEquals(page.headers.get("location"), "/runs/2");
  const [form, api] = await rig.app.app.store.runs.list({});
  assert(form && api);
  for (const part of ["job", "request", "task", "labels", "owner"] as const) {
    assertEquals(form[part], api[part], part);
  }
  const run = await readPage(rig, "/runs/2", "alice");
  assert(run.document.querySelector('a[href="/jobs/hello"]'));
});

Deno.test("the form of a presubmit takes the branch and pull requests as the API does", async () => {
  await using rig = await startDeck();
  const refs = {
    org: "o",
    repo: "r",
    base_ref: "main",
    base_sha: "abc",
    pulls: [
      { number: 5, sha, author: "ann" },
      { number: 6, sha, author: "bob" },
      { number: 7, sha, author: "" },
    ],
  };
  await rig.create({ ...bodies.verify, refs });
  const page = await trigger(rig, "/jobs/verify", {
    type: "presubmit",
    repo: "o/r",
    base_ref: " main ",
    base_sha: "abc",
    pull_number: "#5",
    pull_sha: sha,
    pull_author: "ann",
    more_pulls: `6 ${sha} bob\n\n7 ${sha}`,
  });
  assertEquals(page.headers.get("location"), "/runs/2");
  const [form, api] = await rig.app.app.store.runs.list({});
  assertEquals(form?.request, api?.request);
  assertEquals(form?.task, api?.task);
});

Deno.test("a faulty form makes nothing, keeps what was typed, and says beside each field what is wrong", async () => {
  await using rig = await startJobs();
  const asked = {
    type: "presubmit",
    repo: "o/r",
    base_ref: "main",
    base_sha: "abc",
    pull_number: "5",
    pull_sha: sha,
  };
  const cases: readonly (readonly [
    string,
    Record<string, string>,
    string,
    string,
    string?,
  ])[] = [
    ["unit", { base_ref: "" }, "base_ref", "Fill this in"],
    ["unit", { base_sha: "  " }, "base_sha", "Fill this in"],
    ["unit", { pull_number: "x" }, "pull_number", "Write a number"],
    ["unit", { pull_number: "99999999999" }, "pull_number", "Write a number"],
    ["unit", { pull_sha: "abc" }, "pull_sha", 'invalid SHA: "abc"'],
    ["unit", { pull_sha: "" }, "pull_sha", "Fill this in"],
    [
      "unit",
      { pull_number: "", pull_sha: "" },
      "pull_number",
      "at least 1 Pulls",
    ],
    ["unit", { more_pulls: `1 ${sha}\nodd` }, "more_pulls", "Line 2"],
    ["unit", { more_pulls: "1 abc" }, "more_pulls", "invalid SHA"],
    ["unit", { base_ref: "dev" }, "base_ref", "No job of this name"],
    ["unit", { repo: "q/r" }, "base_ref", "No job of this name"],
    ["unit", { repo: "" }, "repo", "Fill this in"],
    ["rival", {}, "base_ref", "Several jobs"],
    ["unit", { base_ref: "ma\0in" }, "base_ref", "NUL"],
    ["unit", { envs: "A=1\nodd" }, "envs", 'Line 2 has no "="'],
    ["unit", { envs: "=1" }, "envs", "Line 1 has no name"],
    ["unit", { envs: "A=1\nB=2\nA=3" }, "envs", "Line 3 sets A once more"],
    ["unit", { envs: "A=" }, "envs", "key/value pair"],
    ["unit", { envs: "Ä=1" }, "envs", "printable ASCII"],
    ["unit", { envs: "A=\0" }, "envs", "NUL"],
    ["unit", { labels: "a=b c" }, "labels", "valid label"],
    ["unit", { labels: "a b=c" }, "labels", "invalid label key"],
    ["unit", { annotations: "-=c" }, "annotations", "invalid annotation key"],
    ["unit", { envs: "__proto__" }, "envs", 'has no "="'],
  ];
  for (const [job, change, field, words] of cases) {
    const fields = { ...asked, ...change };
    const page = await trigger(rig, `/jobs/${job}`, fields);
    const what = JSON.stringify(change);
    assertEquals(page.status, 400, what);
    assertStringIncludes(fault(page, field), words, what);
    assertHarmless(page);
    for (const [name, value] of Object.entries(fields)) {
      // A choice always has something chosen.
      if (name === "repo" && value === "") continue;
      const control = page.document.querySelector(`[name="${name}"]`);
      const kept = control?.getAttribute("value") ??
        control?.querySelector("option[selected]")?.getAttribute("value") ??
        control?.textContent ?? "";
      assertEquals(kept.trim(), value.trim(), `${what}: ${name}`);
    }
  }
  const several = await trigger(rig, "/jobs/unit", {
    ...asked,
    base_ref: "",
    base_sha: "",
    envs: "A=",
  });
  for (const field of ["base_ref", "base_sha", "envs"]) fault(several, field);
  const odd = await trigger(rig, "/jobs/unit", { type: "batch" });
  assertEquals(odd.status, 400);
  assertStringIncludes(odd.text, "unsupported JobExecutionType");
  assertEquals(await runCount(rig), 0);
});

Deno.test("a variable named __proto__ is one like any other", async () => {
  await using rig = await startDeck();
  const page = await trigger(rig, "/jobs/hello", {
    type: "periodic",
    envs: "__proto__=1",
  });
  assertEquals(page.status, 303);
  const [run] = await rig.app.app.store.runs.list({});
  assertStringIncludes(
    JSON.stringify(run?.task),
    '"name":"__proto__","value":"1"',
  );
});

Deno.test("a job of several types has a form for each, and a branch that is the only one is filled in", async () => {
  await using rig = await startJobs();
  const field = async (path: string, name: string) =>
    (await readPage(rig, path, "alice")).document
      .querySelector(`form[method=post] [name="${name}"]`);
  const value = async (path: string, name: string) =>
    (await field(path, name))?.getAttribute("value");
  assertEquals(await value("/jobs/both", "type"), "periodic");
  assert(!await field("/jobs/both", "base_ref"));
  assertEquals(await value("/jobs/both?type=postsubmit", "base_ref"), "main");
  assert(!await field("/jobs/both?type=postsubmit", "pull_sha"));
  assertEquals(await value("/jobs/both?type=presubmit", "type"), "periodic");
  const gerrit = await trigger(rig, "/jobs/reviewed", {
    type: "postsubmit",
    repo: "https://gerrit.example.org/tools",
    base_ref: "main",
    base_sha: "abc",
  });
  assertEquals(gerrit.status, 303);
});

Deno.test("only who may run a job is offered the form, and only they can send it", async () => {
  await using rig = await startJobs();
  const form = (page: Page) =>
    page.document.querySelector("form[method=post]") !== null;
  const viewer = { user: "vera", role: "viewer" } as const;
  const asViewer = {
    app: {
      ...rig.app,
      request: (path: string, init = {}) =>
        rig.app.request(path, { ...init, ...viewer }),
    },
  };
  const seen = await readPage(asViewer, "/jobs/told", "vera");
  assertEquals([seen.status, form(seen)], [200, false]);
  assertStringIncludes(
    seen.text,
    "the permission executions:create is missing",
  );
  assertEquals(
    (await trigger(asViewer, "/jobs/told", { type: "periodic" })).status,
    403,
  );

  await rig.app.signIn("lim");
  await rig.app.database.batch([
    sql`update account set limits = ${
      JSON.stringify({ jobs: ["u*"] })
    } where name = 'lim'`,
  ]);
  const limited = await readPage(rig, "/jobs/told", "lim");
  assertEquals(form(limited), false);
  assertStringIncludes(limited.text, "limited to others");
  assert(form(await readPage(rig, "/jobs/unit", "lim")));
  const refused = await trigger(
    rig,
    "/jobs/told",
    { type: "periodic", envs: "A=kept" },
    "lim",
  );
  assertEquals(refused.status, 403);
  const nobody = await rig.app.request("/jobs/told", {
    method: "POST",
    headers: { accept: "text/html" },
    body: new URLSearchParams({ type: "periodic" }),
  });
  assertEquals(
    [nobody.status, nobody.headers.get("location")],
    [303, "/login?return_to=%2F"],
  );
  assertEquals(await runCount(rig), 0);
});

Deno.test("a form of another page is refused: it carries the token of the reader's session", async () => {
  await using rig = await startJobs();
  const cookie = `${sessionCookie}=secret`;
  const send = (fields: Record<string, string>) =>
    rig.app.request("/jobs/told", {
      user: "alice",
      method: "POST",
      headers: { accept: "text/html", cookie },
      body: new URLSearchParams({ type: "periodic", ...fields }),
    });
  const shown = await rig.app.request("/jobs/told", {
    user: "alice",
    headers: { accept: "text/html", cookie },
  });
  // Each page has a token of its own.
  const [, given = ""] = new RegExp(`name="${csrfFieldName}" value="([^"]+)"`)
    .exec(await shown.text()) ?? [];
  for (
    const [fields, status] of [
      [{}, 403],
      [{ [csrfFieldName]: csrfToken("other") }, 403],
      [{ [csrfFieldName]: given }, 303],
    ] as const
  ) {
    const response = await send(fields);
    await response.body?.cancel();
    assertEquals(response.status, status);
  }
  assertEquals(await runCount(rig), 1);
});

Deno.test("a GET starts nothing, whatever it says", async () => {
  await using rig = await startJobs();
  await readPage(rig, "/jobs/told?type=periodic&envs=A%3D1", "alice");
  assertEquals(await runCount(rig), 0);
});

Deno.test("a job of another tenant looks like one that is not there, also to who sends its form", async () => {
  await using rig = await startJobs({
    tenants: { "user:ted": ["team"], "*": ["GlobalDefaultID"] },
  });
  const of = async (user: string) => {
    const list = names(await readPage(rig, "/jobs?type=periodic", user));
    const [hidden, none] = [
      await readPage(rig, "/jobs/owned", user),
      await readPage(rig, "/jobs/never", user),
    ];
    return { list, hidden, none };
  };
  const { list, hidden, none } = await of("alice");
  assert(!list.includes("owned") && list.includes("told"));
  assertEquals([hidden.status, none.status], [404, 404]);
  assertEquals(hidden.html, none.html);
  const sent = await trigger(rig, "/jobs/owned", { type: "periodic" });
  assertEquals(sent.status, 404);
  const ted = await of("ted");
  assertEquals([ted.list, ted.hidden.status], [["owned"], 200]);
  assertEquals(
    (await trigger(rig, "/jobs/owned", { type: "periodic" }, "ted")).status,
    303,
  );
});

Deno.test("nobody reads the pages without a name but where Deck is public, and then no private build and no form", async () => {
  await using closed = await startJobs();
  for (const path of ["/jobs?name=a%20b", "/jobs/told", "/jobs/none"]) {
    const page = await readPage(closed, path);
    assertEquals(
      [page.status, page.headers.get("location")],
      [303, `/login?return_to=${encodeURIComponent(path)}`],
    );
  }
  await using open = await startDeck({ publicDeck: true });
  await open.run(bodies.hello);
  await open.run(bodies.hello);
  await open.app.database.batch([
    sql`update run set is_private = 1 where number = 2`,
  ]);
  assert(names(await readPage(open, "/jobs")).includes("hello"));
  const page = await readPage(open, "/jobs/hello");
  assertEquals(page.status, 200);
  const hrefs = [...page.document.querySelectorAll(".builds a")].map((each) =>
    each.getAttribute("href")
  );
  assertEquals(hrefs, ["/runs/1"]);
  assert(!page.document.querySelector("form[method=post]"));
  assertStringIncludes(page.text, "Sign in to run this job.");
  assert(!page.text.includes("deck.yaml"), "the server's files are not public");
  assertEquals((await readPage(open, "/jobs/none")).status, 303);
});

Deno.test("others' private builds are neither shown nor counted", async () => {
  await using rig = await startDeck();
  await rig.run(bodies.hello);
  await rig.run(bodies.hello, failed);
  await rig.run(bodies.long);
  await rig.app.database.batch([
    sql`update run set is_private = 1 where number <> 1`,
  ]);
  assertStringIncludes(
    (await readPage(rig, "/jobs/hello", "bob")).text,
    "100 % passed (1 of 1",
  );
  assertStringIncludes(
    (await readPage(rig, "/jobs/hello", "alice")).text,
    "50 % passed (1 of 2",
  );
  await seed(rig.app, "");
  const [hidden, none] = [
    await readPage(rig, jobPath(longJob), "bob"),
    await readPage(rig, "/jobs/none", "bob"),
  ];
  assertEquals([hidden.status, hidden.html], [404, none.html]);
});

Deno.test("the badge is shown, and what to write elsewhere to have it", async () => {
  await using rig = await startDeck();
  const { document, text } = await readPage(rig, "/jobs/hello", "alice");
  const image = document.querySelector("img");
  assertEquals(image?.getAttribute("src"), "/badge.svg?jobs=hello");
  assert(image?.getAttribute("alt"));
  const badge = await rig.app.request("/badge.svg?jobs=hello", {
    user: "alice",
  });
  assertStringIncludes(await badge.text(), "<svg");
  const address = "http://slipway.test/badge.svg?jobs=hello";
  const page = "http://slipway.test/jobs/hello";
  for (
    const snippet of [
      `[![hello](${address})](${page})`,
      `<a href="${page}"><img src="${address}" alt="hello"></a>`,
      `image:${address}["hello",link="${page}"]`,
    ]
  ) assertStringIncludes(text, snippet);
});

Deno.test("the links to Deck's own views lead somewhere", async () => {
  await using rig = await startDeck();
  for (const body of [bodies.hello, bodies.verify]) {
    await rig.run(body);
    const page = await readPage(rig, `/jobs/${body.job_name}`, "alice");
    const section = page.document.querySelector(
      '[aria-labelledby="deck-title"]',
    );
    const links = [...section?.querySelectorAll("a") ?? []];
    assertEquals(links.length, 2);
    for (const link of links) {
      await rig.text(link.getAttribute("href") ?? "");
    }
  }
});

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "</code></pre></title><svg onload=alert(1)>",
  "\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007",
  "evil\u202egnp.exe",
  "\u2066isolate",
  "javascript:alert(1)",
  "//evil.test/a",
  "](javascript:alert(1))",
  `"]link=javascript:alert(1)[`,
  "../../x",
];

Deno.test("names and definitions that are meant to hurt are shown as text, on every page and in every snippet", async () => {
  await using rig = await startDeck({ publicDeck: true });
  for (const text of hostile) {
    const definition = JSON.stringify({
      name: text,
      agent: text,
      cluster: text,
      cron: text,
      run_if_changed: text,
      branches: [text],
      clone_uri: text,
      annotations: { description: text },
      extra_refs: [{ org: text, repo: text, base_ref: text }],
      spec: {
        containers: [{
          image: text,
          command: [text],
          args: [`${text}\n${text}`],
          env: [{ name: text, value: text }, {
            name: `${text}2`,
            valueFrom: {},
          }],
        }],
      },
      decorate: true,
    });
    await rig.app.database.batch([
      sql`delete from prow_job`,
      sql`insert into prow_job (position, type, org_repo, name, source, cluster, agent, definition, imported_at)
        values (0, 'presubmit', ${text}, ${text}, ${text}, ${text}, ${text}, ${definition}, 0),
          (1, 'periodic', '', ${text}, ${text}, ${text}, ${text}, ${definition}, 0)`,
    ]);
    await rig.run(bodies.hello).catch(() => {});
    const { account } = await rig.app.app.store.accounts.ensure(
      "user",
      "al",
      [],
    );
    await rig.app.app.store.runs.submit(
      "prow",
      { account: account.id, name: "al" },
      [{
        job: text,
        request: {
          type: "presubmit",
          refs: {
            org: text,
            repo: text,
            base_ref: text,
            base_sha: text,
            pulls: [],
          },
        },
        task: {},
        labels: { backend: "prow", cluster: text },
      }],
    );
    const path = jobPath(text);
    for (const user of ["alice", undefined]) {
      for (
        const each of [
          "/jobs",
          `/jobs?${new URLSearchParams({ name: text, type: text, org: text })}`,
          path,
          `${path}?type=presubmit`,
          `${path}?type=${encodeURIComponent(text)}&before=${
            encodeURIComponent(text)
          }`,
        ]
      ) {
        const page = await readPage(rig, each, user);
        assert([200, 400].includes(page.status), `${each} is ${page.status}`);
        assertHarmless(page);
      }
    }
    const fields = Object.fromEntries(
      [
        "repo",
        "base_ref",
        "pull_number",
        "pull_sha",
        "more_pulls",
        "envs",
        "labels",
      ]
        .map((name) => [name, text]),
    );
    const sent = await trigger(rig, path, { type: "presubmit", ...fields });
    assertEquals(sent.status, 400);
    assertHarmless(sent);
  }
});
