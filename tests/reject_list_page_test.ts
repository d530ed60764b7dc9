import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sessionCookie } from "../http/cookie.ts";
import { csrfFieldName, csrfToken } from "../http/csrf.ts";
import { readEntries } from "../plugins/backends/autopkgtest/reject_list_store.ts";
import type { DebciRig } from "./debci.ts";
import { reject } from "./debci_requests.ts";
import { assertHarmless, startPages, toPage } from "./pages.ts";

const path = "/admin/reject-list";

type Asked = {
  readonly role?: "admin" | "owner";
  readonly headers?: Record<string, string>;
};

async function open({ app }: DebciRig, query = "", asked: Asked = {}) {
  const { role = "admin" } = asked;
  return await toPage(
    await app.request(path + query, {
      user: "root",
      role,
      headers: { accept: "text/html" },
    }),
  );
}

async function send(
  { app }: DebciRig,
  to: string,
  fields: Record<string, string>,
  { role = "admin", headers = {} }: Asked = {},
) {
  const response = await app.request(to, {
    method: "POST",
    user: "root",
    role,
    headers: { accept: "text/html", ...headers },
    body: new URLSearchParams(fields),
  });
  return await toPage(response);
}

/** The list as lines. */
async function listed({ app }: DebciRig): Promise<string[]> {
  return (await readEntries(app.database)).map((
    { package: name, suite, arch, version, reason },
  ) => [name, suite, arch, version, reason].join(" "));
}

Deno.test("an administrator rejects packages, gives another reason and takes them off again, and the audit says which", async () => {
  await using rig = await startPages();
  assertStringIncludes((await open(rig)).text, "No package is rejected");
  const added = await send(rig, path, {
    package: "foo-*",
    suite: "unstable",
    arch: "",
    version: "",
    reason: "see https://bugs.debian.org/1\r\nbroken",
  });
  assertEquals(added.status, 303, added.text);
  assertEquals(await listed(rig), [
    "foo-* unstable * * see https://bugs.debian.org/1\nbroken",
  ]);
  const page = await open(rig, "?added=foo-*");
  assertStringIncludes(page.text, "foo-* is on the list from now on");
  const link = page.document.querySelector('td a[href^="https:"]');
  assertEquals(link?.getAttribute("href"), "https://bugs.debian.org/1");
  const asked = await rig.app.request("/api/v1/test/unstable/amd64/foo-bar", {
    method: "POST",
    user: "alice",
  });
  assertEquals(asked.status, 400);
  await asked.body?.cancel();
  await send(rig, path, { package: "foo-*", suite: "unstable", reason: "new" });
  assertEquals(await listed(rig), ["foo-* unstable * * new"]);
  const entry = "foo-* unstable * *";
  const button = (await open(rig)).document.querySelector(
    'button[name="entry"]',
  );
  assertEquals(button?.getAttribute("value"), entry);
  const removed = await send(rig, `${path}/remove`, { entry });
  assertEquals(removed.status, 303);
  assertEquals(await listed(rig), []);
  assertEquals((await send(rig, `${path}/remove`, { entry })).status, 404);
  const lines = await rig.app.app.store.audit.list({ limit: 9 });
  assertEquals(
    lines.filter(({ action }) => action === "reject_list:admin")
      .map(({ target, outcome, principal }) => [principal, target, outcome]),
    [
      ["user:root", "foo-* unstable", "done"],
      ["user:root", "foo-* unstable", "done"],
      ["user:root", "foo-* unstable", "done"],
    ],
  );
});

Deno.test("a faulty entry changes nothing, is kept as typed, and told beside its field", async () => {
  await using rig = await startPages();
  const page = await send(rig, path, {
    package: "foo bar",
    suite: "un stable",
    version: "1 2",
    reason: "r".repeat(10_001),
  });
  assertEquals(page.status, 400);
  for (const field of ["package", "suite", "version", "reason"]) {
    assert(page.document.getElementById(`${field}-fault`), field);
  }
  const typed = page.document.querySelector('input[name="package"]');
  assertEquals(typed?.getAttribute("value"), "foo bar");
  assertEquals(await listed(rig), []);
});

Deno.test("the list is for those with its permission, and forms are for those who have their page", async () => {
  await using rig = await startPages();
  await reject(rig.app, "foo");
  const menu = (page: Awaited<ReturnType<typeof open>>) =>
    page.html.includes(`href="${path}"`);
  assert(menu(await open(rig)));
  const refused = await open(rig, "", { role: "owner" });
  assertEquals(refused.status, 403);
  assertStringIncludes(refused.text, "reject_list:admin is missing");
  assert(!menu(refused));
  const cookie = { cookie: `${sessionCookie}=abc` };
  const wrong = { [csrfFieldName]: csrfToken("another") };
  for (
    const [to, fields] of [
      [path, { package: "bar" }],
      [`${path}/remove`, { entry: "foo * * *" }],
    ] as const
  ) {
    for (
      const [given, asked] of [
        [fields, { role: "owner" }],
        [fields, { headers: cookie }],
        [{ ...fields, ...wrong }, { headers: cookie }],
      ] as const
    ) {
      assertEquals((await send(rig, to, given, asked)).status, 403);
    }
    const anybody = await rig.app.request(to, {
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams(fields),
    });
    assert(anybody.headers.get("location")?.startsWith("/login"));
  }
  assertEquals(await listed(rig), ["foo * * * "]);
});

Deno.test("a long list is searched and comes in pages, by name", async () => {
  await using rig = await startPages();
  const names = Array.from(
    { length: 250 },
    (_, at) => `pkg-${String(at).padStart(3, "0")}`,
  );
  await reject(rig.app, names.toReversed().join("\n"));
  const seen: string[] = [];
  for (let query: string | undefined = "?q=pkg"; query !== undefined;) {
    const page = await open(rig, query);
    const rows = [...page.document.querySelectorAll("tbody th")];
    assert(rows.length <= 100);
    seen.push(...rows.map((row) => row.textContent));
    query = page.document.querySelector('a[rel="next"]')?.getAttribute("href")
      ?.slice(path.length);
  }
  assertEquals(seen, names);
  const found = await open(rig, "?q=-24");
  assertEquals([...found.document.querySelectorAll("tbody tr")].length, 10);
  assertStringIncludes((await open(rig, "?q=zz")).text, "No entry is like");
});

Deno.test("reasons and searches that are meant to hurt are shown as text", async () => {
  await using rig = await startPages();
  for (
    const text of [
      "<script>alert(1)</script>",
      `"><img src=x onerror=alert(1)>`,
      "evil\u202egnp.exe \u001b[31m",
      `https://x.test/"onmouseover=alert(1) javascript:alert(1)`,
    ]
  ) {
    await send(rig, path, { package: "foo", reason: text });
    const query = new URLSearchParams({ q: text, added: text, after: text });
    for (const shown of [await open(rig), await open(rig, `?${query}`)]) {
      assertEquals(shown.status, 200);
      assertHarmless(shown);
    }
    const faulty = await send(rig, path, { package: text, suite: text });
    assertEquals(faulty.status, 400);
    assertHarmless(faulty);
    assertHarmless(await send(rig, `${path}/remove`, { entry: text }));
  }
});
