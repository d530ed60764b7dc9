import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import type { JsonObject } from "../core/json.ts";
import { dummy } from "../plugins/backends/dummy/mod.ts";
import { startTestApp } from "./app.ts";
import { assertHarmless, readPage, startPages } from "./pages.ts";

Deno.test("the overview shows what runs, what waits for which runners, what failed, and who works", async () => {
  await using rig = await startPages();
  await rig.run({ package: "broken" }, { exitCode: 4 });
  await rig.ask({ package: "waiting", arch: "arm64" });
  rig.app.advance(180_000);
  const page = await readPage(rig, "/", "bob");
  assertEquals(page.status, 200);
  assertHarmless(page);
  const section = (id: string) =>
    page.document.querySelector(`[aria-labelledby="${id}"]`)?.textContent ?? "";
  assertStringIncludes(section("failed-title"), "broken");
  assertStringIncludes(section("running-title"), "Nothing.");
  const links = (nothing: typeof page) =>
    [...nothing.document.querySelectorAll("#running .empty a")].map((link) =>
      link.getAttribute("href")
    );
  assertEquals(links(page).at(0), "/user/:user/test");
  assertEquals(links(await readPage(rig, "/")).at(-1), "/docs");
  assertStringIncludes(section("queues-title"), "arm64");
  assertStringIncludes(section("queues-title"), "3 min ago");
  assertStringIncludes(section("runners-title"), "worker-1");
  const time = page.document.querySelector("time");
  assert(!Number.isNaN(Date.parse(time?.getAttribute("datetime") ?? "")));
  assertEquals(time?.getAttribute("title"), time?.getAttribute("datetime"));
});

Deno.test("where nothing was asked for yet, a link leads to where that is done", async () => {
  await using rig = await startPages();
  for (const path of ["/packages/", "/status/pending/"]) {
    const { document } = await readPage(rig, path, "bob");
    assert(document.querySelector('.empty a[href="/user/:user/test"]'), path);
  }
});

Deno.test("a page that is not there leads to those that are", async () => {
  await using rig = await startPages();
  const { status, document } = await readPage(rig, "/runs/999", "bob");
  assertEquals(status, 404);
  for (const path of ["/", "/runs", "/docs"]) {
    assert(document.querySelector(`main a[href="${path}"]`), path);
  }
});

Deno.test("runs are filtered by the URL, and a wrong filter says beside its field what is wrong", async () => {
  await using rig = await startPages();
  await rig.run({ package: "first" });
  await rig.run({ package: "second", user: "carol" }, { exitCode: 4 });
  const jobs = async (query: string) => {
    const { document } = await readPage(rig, `/runs${query}`, "bob");
    return [...document.querySelectorAll("td.job")].map((cell) =>
      cell.textContent
    );
  };
  assertEquals(await jobs(""), ["second", "first"]);
  assertEquals(await jobs("?job=first"), ["first"]);
  assertEquals(await jobs("?state=failed"), ["second"]);
  assertEquals(await jobs("?state=ended"), ["second", "first"]);
  assertEquals(await jobs("?state=live"), []);
  assertEquals(await jobs("?owner=carol"), ["second"]);
  assertEquals(await jobs("?owner=nobody"), []);
  assertEquals(await jobs("?backend=prow"), []);
  const day = new Date(rig.app.now()).toISOString().slice(0, 10);
  assertEquals(await jobs(`?from=${day}&to=${day}`), ["second", "first"]);
  assertEquals(await jobs(`?to=2025-12-31`), []);
  const first = await rig.app.app.store.runs.findByNumber(1);
  const until = new Date((first?.createdAt ?? 0) + 1).toISOString();
  assertEquals(await jobs(`?to=${until}`), ["first"]);
  assertEquals(await jobs(`?from=${until}`), ["second"]);

  const wrong = await readPage(
    rig,
    "/runs?state=odd&from=soon&job=first",
    "bob",
  );
  assertEquals(wrong.status, 400);
  for (const field of ["state", "from"]) {
    const control = wrong.document.querySelector(`[name="${field}"]`);
    assertEquals(control?.getAttribute("aria-invalid"), "true");
    const fault = control?.getAttribute("aria-describedby") ?? "";
    assert(wrong.document.getElementById(fault)?.textContent);
  }
  const kept = wrong.document.querySelector('[name="job"]');
  assertEquals(kept?.getAttribute("value"), "first");
});

Deno.test("runs are filtered by what their backend says of them, each part and all together, with their statistics", async () => {
  await using rig = await startPages({
    architectures: ["amd64", "arm64", "i386"],
  });
  await rig.run({ package: "one", arch: "arm64" }, { exitCode: 4 });
  await rig.run({ package: "two", suite: "testing" });
  await rig.run({ package: "three", user: "carol" });
  await rig.run({ package: "hidden", isPrivate: true, arch: "i386" });
  const { account } = await rig.app.app.store.accounts.ensure("user", "al", []);
  const submit = (job: string, request: JsonObject) =>
    rig.app.app.store.runs.submit(
      "prow",
      { account: account.id, name: "al" },
      [{ job, request, task: {}, labels: { backend: "prow", cluster: "c" } }],
    );
  await submit("pull", { org: "kubernetes", repo: "test-infra" });
  await submit("other", { org: "kubernetes", repo: "kubernetes" });
  await submit("periodic", { org: "", repo: "" });
  const read = async (query: string, user?: string) => {
    const { document } = await readPage(rig, `/runs?${query}`, user);
    return {
      jobs: [...document.querySelectorAll("td.job")].map((cell) =>
        cell.querySelector("a")?.textContent
      ),
      fields: [...document.querySelectorAll(".filter [name]")].map((field) =>
        field.getAttribute("name")
      ),
      statistics: document.querySelector(".statistics")?.textContent ?? "",
    };
  };
  for (
    const [query, jobs] of [
      ["suite=unstable", ["three", "one"]],
      ["suite=unstable&arch=amd64", ["three"]],
      ["suite=unstable&owner=carol", ["three"]],
      ["suite=testing&owner=carol", []],
      ["arch=arm64&job=one&state=failed", ["one"]],
      ["arch=arm64&job=two", []],
      ["arch=arm64&state=passed", []],
      ["arch=i386", []],
      ["suite=nowhere", []],
      ["repo=kubernetes", ["other", "pull"]],
      ["repo=kubernetes/test-infra", ["pull"]],
      ["repo=kubernetes/test", []],
      ["repo=kubernetes&suite=unstable", []],
      ["backend=prow&suite=unstable", ["periodic", "other", "pull"]],
      ["no-such-filter=x&suite=testing", ["two"]],
    ] as const
  ) assertEquals((await read(query, "bob")).jobs, [...jobs], query);
  assertEquals((await read("arch=i386", "alice")).jobs, ["hidden"]);
  assertEquals((await read("repo=kubernetes")).jobs, [], "not published");
  const half = (await read("suite=unstable", "bob")).statistics;
  assertStringIncludes(half, "50 % passed (1 of 2");
  const { fields } = await read("", "bob");
  for (const name of ["suite", "arch", "repo"]) assert(fields.includes(name));
  const own = (await read("backend=prow", "bob")).fields;
  assertEquals([own.includes("repo"), own.includes("suite")], [true, false]);
});

Deno.test("pages of runs lead to older and to newer ones without gap or repetition", async () => {
  await using test = await startTestApp([dummy()]);
  const { account } = await test.app.store.accounts.ensure("user", "alice", []);
  const owner = { account: account.id, name: account.name };
  await test.app.store.runs.submit(
    "dummy",
    owner,
    Array.from({ length: 120 }, () => ({
      job: "many",
      request: {},
      task: {},
      labels: { backend: "dummy" },
    })),
  );
  const numbers = (page: Awaited<ReturnType<typeof readPage>>) =>
    [...page.document.querySelectorAll('th[data-label="Run"]')].map((cell) =>
      Number(cell.textContent?.slice(1))
    );
  const seen: number[] = [];
  const pages: number[][] = [];
  let path: string | null | undefined = "/runs?job=many";
  let last = path;
  while (path) {
    last = path;
    const page = await readPage({ app: test }, path, "alice");
    pages.push(numbers(page));
    seen.push(...numbers(page));
    path = page.document.querySelector('a[rel="next"]')?.getAttribute("href");
  }
  assertEquals(seen, Array.from({ length: 120 }, (_, at) => 120 - at));
  const back = [numbers(await readPage({ app: test }, last, "alice"))];
  for (path = last; path;) {
    const page = await readPage({ app: test }, path, "alice");
    path = page.document.querySelector('a[rel="prev"]')?.getAttribute("href");
    if (path) {
      back.push(numbers(await readPage({ app: test }, path, "alice")));
    }
  }
  assertEquals(back.flat().toSorted((a, b) => b - a), seen);
});

Deno.test("pass rate and durations are those of the filter", async () => {
  await using rig = await startPages();
  for (const exitCode of [0, 0, 0, 4]) {
    await rig.run({ package: "often" }, { exitCode });
  }
  await rig.run({ package: "other" }, { exitCode: 4 });
  const page = await readPage(rig, "/runs?job=often", "bob");
  const statistics = page.document.querySelector(".statistics");
  assertStringIncludes(statistics?.textContent ?? "", "75 % passed (3 of 4");
  assertStringIncludes(statistics?.textContent ?? "", "at most 12 s");
  const bars = [...page.document.querySelectorAll("rect title")];
  assertEquals(
    bars.map(({ textContent }) => Number(textContent?.split(": ")[1]))
      .reduce((sum, count) => sum + count),
    4,
  );
});

Deno.test("somebody who is signed in as nobody is led to the sign-in and back, except to what the operator publishes", async () => {
  await using closed = await startPages({ publicData: false });
  for (const path of ["/", "/runs?job=a%20b", "/runs/1", "/runs/1/log"]) {
    const page = await readPage(closed, path);
    assertEquals(page.status, 303, path);
    assertEquals(
      page.headers.get("location"),
      `/login?return_to=${encodeURIComponent(path)}`,
    );
    const program = await closed.app.request(path);
    assertEquals(program.status, 401);
    assert(program.headers.get("www-authenticate"));
    await program.body?.cancel();
  }
  await using open = await startPages();
  await open.run({ package: "shown" });
  await open.run({ package: "hidden", isPrivate: true });
  const list = await readPage(open, "/runs");
  assertStringIncludes(list.text, "shown");
  assert(!list.html.includes("hidden</"));
  assertEquals((await readPage(open, "/runs/1")).status, 200);
  const [hidden, none] = [
    await readPage(open, "/runs/2"),
    await readPage(open, "/runs/3"),
  ];
  assertEquals([hidden.status, none.status], [303, 303]);
  const overview = await readPage(open, "/");
  assert(!overview.text.includes("worker-1"), "runners are not public");
});

Deno.test("runs of a backend that the operator does not publish are shown to nobody without a name", async () => {
  await using rig = await startPages();
  const { account } = await rig.app.app.store.accounts.ensure("user", "al", []);
  await rig.app.app.store.runs.submit(
    "prow",
    { account: account.id, name: "al" },
    [{
      job: "inner-job",
      request: {},
      task: {},
      labels: { backend: "prow", cluster: "inner" },
    }],
  );
  for (const path of ["/", "/runs", "/runs?backend=prow"]) {
    const page = await readPage(rig, path);
    assert(!page.text.includes("inner"), path);
    assertStringIncludes((await readPage(rig, path, "bob")).text, "inner");
  }
  assertEquals((await readPage(rig, "/runs/1")).status, 303);
});

Deno.test("a private run looks to others like one that is not there", async () => {
  await using rig = await startPages();
  await rig.run({ package: "secret-package", isPrivate: true });
  for (const rest of ["", "/log", "/log/index", "/log/lines", "/log/end"]) {
    const [hidden, none] = [
      await readPage(rig, `/runs/1${rest}`, "bob"),
      await readPage(rig, `/runs/9${rest}`, "bob"),
    ];
    assertEquals([hidden.status, none.status], [404, 404], rest);
    assertEquals(hidden.html, none.html);
    assertEquals(
      (await readPage(rig, `/runs/1${rest}`, "alice")).status < 400,
      true,
    );
  }
  const list = await readPage(rig, "/runs?job=secret-package", "bob");
  assertStringIncludes(list.text, "No run is like this");
});

Deno.test("Cancel and Retry are offered to those who may, and only a POST does anything", async () => {
  await using rig = await startPages();
  const number = await rig.ask({ package: "long" });
  const forms = async (user?: string) =>
    [...(await readPage(rig, `/runs/${number}`, user)).document
      .querySelectorAll("form[method=post]")].map((form) =>
        form.getAttribute("action")?.replace(/\?once=.*/, "")
      );
  assertEquals(await forms("alice"), [`/runs/${number}/cancel`]);
  assertEquals(await forms("bob"), []);
  assertEquals(await forms(), []);
  const cancel = (user: string, method = "POST") =>
    rig.app.request(`/runs/${number}/cancel`, {
      method,
      user,
      headers: { accept: "text/html" },
    });
  const state = async () =>
    (await rig.app.app.store.runs.findByNumber(number))?.state;
  for (
    const [user, method, status] of [
      ["alice", "GET", 405],
      ["bob", "POST", 403],
    ] as const
  ) {
    const response = await cancel(user, method);
    await response.body?.cancel();
    assertEquals(response.status, status);
    assertEquals(await state(), "queued");
  }
  const response = await cancel("alice");
  assertEquals(response.status, 303);
  assertEquals(response.headers.get("location"), `/runs/${number}`);
  assertEquals(await state(), "aborted");
  assertEquals(await forms("alice"), [`/runs/${number}/retry`]);
  const retry = await rig.app.request(`/runs/${number}/retry`, {
    method: "POST",
    user: "alice",
    headers: { accept: "text/html" },
  });
  assertEquals(retry.status, 303);
  assertEquals(retry.headers.get("location"), `/runs/${number + 1}`);
  assertEquals((await rig.app.app.store.runs.list({})).length, 2);
});

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "</code></pre></title><svg onload=alert(1)>",
  "\u001b]8;;javascript:alert(1)\u0007click\u001b]8;;\u0007",
  "evil\u202egnp.exe",
  "\u2066isolate",
  "javascript:alert(1)",
  "\u001b[31;1m<b onclick=x>red\u001b[0m",
];

Deno.test("names, lines and files that are meant to hurt are shown as text, on every page", async () => {
  await using rig = await startPages();
  const junit = `<testsuite>${
    hostile.slice(0, 3).map((text) => {
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
        .replaceAll('"', "&quot;");
      return `<testcase name="${escaped}"><failure message="${escaped}">${escaped}</failure></testcase>`;
    }).join("")
  }</testsuite>`;
  await rig.run({ package: "victim" }, {
    exitCode: 4,
    log: hostile.join("\n") + "\n",
    files: {
      "junit.xml": junit,
      [`"><img src=x onerror=alert(1)>.txt`]: "x",
      "javascript:alert(1)": "x",
      "a\u202eb": "x",
    },
  });
  for (const [at, text] of hostile.entries()) {
    await rig.run({ package: `victim${at}` }, { exitCode: 4 });
    await rig.app.database.batch([
      sql`update run set job = ${text}, owner_name = ${text}, message = ${text},
        request = json_set(request, '$.suite', ${text}, '$.trigger', ${text})
        where number = ${at + 2}`,
      sql`update queue set labels = json_set(labels, '$.suite', ${text})`,
      sql`update runner set name = ${text}`,
    ]);
  }
  const paths = [
    "/",
    "/runs",
    "/runs/1",
    ...hostile.map((_, at) => `/runs/${at + 2}`),
    ...hostile.map((text) =>
      `/runs?${new URLSearchParams({
        job: text,
        state: text,
        owner: text,
        backend: text,
      })}`
    ),
    ...hostile.map((text) => `/runs/${encodeURIComponent(text)}`),
    ...hostile.map((text) => `/${encodeURIComponent(text)}`),
    "/runs/1/log/lines?first=1",
  ];
  for (const path of paths) {
    const page = await readPage(rig, path, "bob");
    assert(page.status < 500, path);
    assertHarmless(page);
    const pictures = page.document.querySelectorAll("svg:not([role=img])");
    assertEquals([...pictures], []);
  }
  const one = await readPage(rig, "/runs/1", "bob");
  assertStringIncludes(one.text, "<script>alert(1)</script>");
  assertStringIncludes(one.text, "evil[U+202E]gnp.exe");
  assertStringIncludes(one.text, "click");
  assertEquals(
    one.document.querySelector("code .b.f1")?.textContent,
    "<b onclick=x>red",
  );
});
