import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type DebciRig, startDebci } from "./debci.ts";
import { assertHarmless, type Page, readPage, startPages } from "./pages.ts";

/** The rows of the page's first grid, cell by cell. */
function rowsOf({ document }: Page): string[][] {
  const grid = document.querySelector("table.grid tbody");
  return [...grid?.querySelectorAll("tr") ?? []].map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) => cell.textContent.trim())
  );
}

function hrefsOf({ document }: Page, selector: string): (string | null)[] {
  return [...document.querySelectorAll(`main ${selector}`)].map((link) =>
    link.getAttribute("href")
  );
}

Deno.test("debci 103: packages are under their first letter or the first four of a library, others and unknown prefixes are not there", async () => {
  await using rig = await startPages();
  for (const name of ["bash", "bzip2", "libc6", "libcurl", "liba52"]) {
    await rig.run({ package: name });
  }
  const root = await readPage(rig, "/packages/");
  assertEquals(hrefsOf(root, ".prefixes a"), [
    "/packages/b/",
    "/packages/liba/",
    "/packages/libc/",
  ]);
  const names = async (prefix: string) =>
    rowsOf(await readPage(rig, `/packages/${prefix}/`)).map(([name]) => name);
  assertEquals(await names("b"), ["bash", "bzip2"]);
  assertEquals(await names("libc"), ["libc6", "libcurl"]);
  assertEquals(await names("l"), []);
  assertEquals((await readPage(rig, "/packages/b/bash/")).status, 200);
  for (const path of ["x/bash", "l/libc6", "n/nosuchpkg", "ba", "libcu", "B"]) {
    const { status } = await readPage(rig, `/packages/${path}/`);
    assertEquals(status, 404, path);
  }
});

Deno.test("a path without its last slash leads to the page, as in debci", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  for (
    const path of [
      "/packages",
      "/packages/b",
      "/packages/b/bash",
      "/packages/b/bash/unstable/amd64",
      "/status",
      "/status/failing",
      "/status/pending/unstable",
    ]
  ) {
    const page = await readPage(rig, `${path}?a=b%20c`);
    assertEquals(page.status, 302, path);
    assertEquals(page.headers.get("location"), `${path}/?a=b%20c`);
    assertEquals((await readPage(rig, `${path}/`)).status, 200, path);
  }
});

Deno.test("a package is found by any part of its name, page by page", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  await rig.ask({ package: "libbash-perl" });
  const search = (query: string) =>
    readPage(rig, `/packages/-/search?${new URLSearchParams({ query })}`);
  const names = async (query: string) =>
    rowsOf(await search(query)).map(([name]) => name);
  assertEquals(await names("bash"), ["bash", "libbash-perl"]);
  assertEquals(await names(" BASH-P "), ["libbash-perl"]);
  assertEquals(await names("%"), []);
  assertStringIncludes((await search("zzzz")).text, "No tested package");
  assertStringIncludes((await search("")).text, "Type some letters");
  const kept = (await search('x"<y')).document.querySelector("main input");
  assertEquals(kept?.getAttribute("value"), 'x"<y');

  const { runs } = rig.app.app.store;
  const [run] = await runs.list({ limit: 1 });
  assert(run);
  const { owner, request, task, labels } = run;
  const many = Array.from({ length: 120 }, (_, at) => `many${1000 + at}`);
  await runs.submit(
    "autopkgtest",
    owner,
    many.map((job) => ({ job, request, task, labels })),
  );
  const seen: string[] = [];
  let path: string | null | undefined = "/packages/-/search?query=many";
  for (; path;) {
    const page = await readPage(rig, path);
    seen.push(...rowsOf(page).map(([name = ""]) => name));
    path = page.document.querySelector('a[rel="next"]')?.getAttribute("href");
  }
  assertEquals(seen, many);
});

Deno.test("debci 103, 91: a package's page has a cell for every suite and architecture with its newest result without pins", async () => {
  await using rig = await startPages({ suites: ["unstable", "testing"] });
  await rig.run({ package: "bash" }, { exitCode: 4 });
  await rig.run({ package: "bash" }, { version: "5.2-1" });
  const pins = [["src:glibc", "testing"]];
  await rig.run({ package: "bash", pins }, { exitCode: 4 });
  await rig.run({ package: "bash", arch: "arm64" }, { exitCode: 16 });
  await rig.ask({ package: "bash", suite: "testing" });
  const page = await readPage(rig, "/packages/b/bash/");
  const head = page.document.querySelector("table.grid thead");
  assertEquals(head?.textContent, "Architectureunstabletesting");
  const [amd64, arm64] = rowsOf(page);
  assertEquals(amd64?.[0], "amd64");
  assertEquals(amd64?.[1], "✓ passed 5.2-12 min ago");
  assertEquals(amd64?.[2], "no result1 pending");
  assertStringIncludes(arm64?.[1] ?? "", "errored");
  assertEquals(arm64?.[2], "no result");
  const links = hrefsOf(page, "table.grid td a");
  assert(links.includes("/packages/b/bash/unstable/amd64/"), links.join(" "));
  assert(hrefsOf(page, "a").includes("/data/feeds/b/bash.xml"));
  const changes = page.document.querySelector(
    '[aria-labelledby="changes-title"]',
  );
  assertStringIncludes(changes?.textContent ?? "", "✗ failed✓ passed");
});

Deno.test("debci 92: a package's history is all of its public results in one place, newest first, page by page", async () => {
  await using rig = await startPages();
  const number = await rig.run({ package: "bash" }, {
    exitCode: 4,
    files: { "artifacts.tar.gz": "packed" },
  });
  await rig.run({ package: "bash", isPrivate: true });
  await rig.run({ package: "bash", pins: [["src:glibc", "testing"]] });
  await rig.run({ package: "bash", arch: "arm64" });
  await rig.ask({ package: "bash" });
  const path = "/packages/b/bash/unstable/amd64/";
  const page = await readPage(rig, path);
  const rows = rowsOf(page);
  assertEquals(rows.map(([run]) => run), ["#3", "#1"]);
  assertStringIncludes(
    rows[0]?.join(" ") ?? "",
    "pinned: src:glibc from testing",
  );
  assertEquals(rows[1]?.slice(1, 3), ["✗ failed", "1.0-1"]);
  const links = hrefsOf(page, "table.grid a");
  for (
    const link of [
      `/runs/${number}`,
      `/runs/${number}/log/failure`,
      `/runs/${number}/files/artifacts.tar.gz`,
    ]
  ) {
    assert(links.includes(link), `${link} is not in ${links}`);
  }

  const { runs } = rig.app.app.store;
  const run = await runs.findByNumber(number);
  assert(run);
  const { owner, request, task, labels } = run;
  const outcome = { state: "passed", message: "All tests passed" } as const;
  await runs.submit(
    "autopkgtest",
    owner,
    Array.from(
      { length: 230 },
      () => ({ job: "bash", request, task, labels, outcome }),
    ),
  );
  const seen: string[] = [];
  for (let next: string | null | undefined = path; next;) {
    const page = await readPage(rig, next);
    seen.push(...rowsOf(page).map(([run = ""]) => run));
    next = page.document.querySelector('a[rel="next"]')?.getAttribute("href");
  }
  const all = Array.from({ length: 230 }, (_, at) => `#${235 - at}`);
  assertEquals(seen, [...all, "#3", "#1"]);
  const wrong = await readPage(rig, `${path}?before=yesterday`);
  assertEquals(wrong.status, 400);
  assertStringIncludes(wrong.text, "Cannot read before");
});

Deno.test("a place without results of a known package has an empty history, whatever its names are", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  const page = await readPage(rig, "/packages/b/bash/nosuch/amd64/");
  assertEquals(page.status, 200);
  assertStringIncludes(page.text, "No public test of it is over here");
});

Deno.test("Retry is offered to those who may ask for tests, and leads to the page that asks first", async () => {
  await using rig = await startPages();
  const number = await rig.run({ package: "bash" }, { exitCode: 4 });
  const path = "/packages/b/bash/unstable/amd64/";
  const retries = async (user?: string) =>
    hrefsOf(await readPage(rig, path, user), 'a[href*="retry"]');
  assertEquals(await retries(), []);
  assertEquals(await retries("bob"), [`/api/v1/retry/${number}`]);
  const response = await rig.app.request(path, {
    user: "bob",
    role: "viewer",
    headers: { accept: "text/html" },
  });
  assert(!(await response.text()).includes("retry"), "readers cannot retry");
});

Deno.test("the page of one test, where newer releases of debci have it, leads to its run", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  await rig.run({ package: "bash", isPrivate: true });
  const at = (rest: string) =>
    readPage(rig, `/packages/b/bash/${rest}`, "alice");
  const there = await at("unstable/amd64/1/");
  assertEquals(there.status, 302);
  assertEquals(there.headers.get("location"), "/runs/1");
  for (
    const rest of [
      "unstable/amd64/2",
      "unstable/amd64/9",
      "testing/amd64/1",
      "unstable/amd64/x",
    ]
  ) {
    assertEquals((await at(`${rest}/`)).status, 404, rest);
  }
});

Deno.test("private tests are on no page and in no count, whoever reads", async () => {
  await using rig = await startPages();
  const paths = [
    "/packages/",
    "/packages/b/",
    "/packages/s/",
    "/packages/-/search?query=secret",
    "/packages/b/bash/",
    "/packages/b/bash/unstable/amd64/",
    "/packages/b/bash/testing/arm64/",
    "/packages/s/secret/",
    "/packages/s/secret/unstable/amd64/",
    "/status/",
    "/status/alerts/",
    "/status/changes/",
    "/status/failing/",
    "/status/slow/",
    "/status/pending/",
    "/status/pending/unstable/",
    "/status/platform-specific-issues/",
  ];
  const shown = (user?: string) =>
    Promise.all(paths.map(async (path) => {
      const { status, html } = await readPage(rig, path, user);
      // How long ago something was changes by itself.
      return [path, status, html.replaceAll(/<time.*?<\/time>/g, "")];
    }));
  await rig.run({ package: "bash" });
  const before = [await shown(), await shown("alice")];
  const hour = { exitCode: 4, version: "6.6" };
  for (const exitCode of [0, 4, 8, 16]) {
    await rig.run({ package: "bash", isPrivate: true }, { ...hour, exitCode });
    const arch = "arm64";
    await rig.run({ package: "bash", isPrivate: true, arch }, { exitCode });
    await rig.run({ package: "secret", isPrivate: true }, { exitCode });
  }
  await rig.ask({ package: "secret", isPrivate: true });
  await rig.ask({ package: "bash", suite: "testing", isPrivate: true });
  assertEquals([await shown(), await shown("alice")], before);
  const hidden = await readPage(rig, "/packages/s/secret/", "alice");
  const none = await readPage(rig, "/packages/s/nosuch/", "alice");
  assertEquals(hidden.html.replaceAll("secret", "nosuch"), none.html);
});

Deno.test("a test that its owner publishes comes onto the pages", async () => {
  await using rig = await startPages();
  const number = await rig.run({ package: "secret", isPrivate: true });
  const waiting = await rig.ask({ package: "secret", isPrivate: true });
  await rig.publish(number);
  await rig.publish(waiting);
  const page = await readPage(rig, "/packages/s/secret/");
  assertEquals(page.status, 200);
  assertStringIncludes(rowsOf(page)[0]?.[1] ?? "", "passed");
  assertStringIncludes(page.text, `#${waiting}`);
});

Deno.test("where public data is not for everybody, pages take the permission to read tests and the limits of a credential", async () => {
  await using rig = await startPages({ publicData: false });
  await rig.run({ package: "bash" });
  await rig.run({ package: "dash" });
  const paths = ["/packages/", "/packages/b/bash/", "/status/"];
  for (const path of paths) {
    const page = await readPage(rig, path);
    assertEquals(page.status, 303, path);
    assertEquals((await readPage(rig, path, "bob")).status, 200, path);
  }
  const { accounts } = rig.app.app.store;
  const { account } = await accounts.ensure("user", "limited", []);
  await rig.app.database.batch([{
    text: "update account set limits = ? where id = ?",
    values: [JSON.stringify({ jobs: ["bash*"] }), account.id],
  }]);
  const statusOf = async (path: string) =>
    (await readPage(rig, path, "limited")).status;
  assertEquals(await statusOf("/packages/b/bash/"), 200);
  assertEquals(await statusOf("/packages/d/dash/"), 403);
  assertEquals(await statusOf("/packages/"), 403);
  assertEquals(await statusOf("/status/failing/"), 403);
});

Deno.test("packages that are not tested say so, and why", async () => {
  await using rig = await startPages();
  await rig.run({ package: "bash" });
  await reject(rig, {
    package: "ba*",
    suite: "unstable",
    reason: "Breaks things, see https://bugs.example/1 <b>",
  });
  const page = await readPage(rig, "/packages/b/bash/");
  assertStringIncludes(page.text, "on the reject list in part");
  assertStringIncludes(page.text, "Breaks things");
  assertStringIncludes(rowsOf(page)[0]?.[1] ?? "", "rejected");
  assertEquals(rowsOf(page)[0]?.[2], "no result");
  const list = await readPage(rig, "/status/reject_list/?package=bash");
  assertHarmless(list);
  assertEquals(rowsOf(list), [[
    "ba*",
    "unstable",
    "*",
    "*",
    "Breaks things, see https://bugs.example/1 <b>",
  ]]);
  assertEquals(hrefsOf(list, "table.grid a"), ["https://bugs.example/1"]);
  const other = await readPage(rig, "/status/reject_list/?package=dash");
  assertStringIncludes(other.text, "No entry holds");
});

/** Puts an entry onto the reject list, as an administrator. */
async function reject(
  { app }: DebciRig,
  entry: Record<string, string>,
): Promise<void> {
  const response = await app.request("/v1/reject-list", {
    method: "POST",
    user: "root",
    role: "admin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(entry),
  });
  await response.body?.cancel();
  assert(response.ok, String(response.status));
}

Deno.test("the pages are in the menus of a server that tests packages", async () => {
  await using rig = await startDebci();
  const { document } = await readPage(rig, "/packages/b/");
  const links = [...document.querySelectorAll("header nav a")];
  const paths = links.map((link) => link.getAttribute("href"));
  assert(paths.includes("/packages/") && paths.includes("/status/"));
  assertEquals(
    links.filter((link) => link.getAttribute("aria-current")).map((link) =>
      link.textContent
    ),
    ["Packages"],
  );
});
