/** Users and groups on the pages of the administration. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { assertLeads, startAdmin } from "./admin.ts";
import { assertHarmless, type Page, readPage } from "./pages.ts";

const names = ({ document }: Page) =>
  [...document.querySelectorAll("tbody th a")].map(({ textContent }) =>
    textContent
  );

const section = ({ document }: Page, id: string) =>
  document.querySelector(`[aria-labelledby="${id}"]`)?.textContent ?? "";

const fault = ({ document }: Page, field: string) => {
  const control = document.querySelector(`[name="${field}"]`);
  assertEquals(control?.getAttribute("aria-invalid"), "true", field);
  const id = control?.getAttribute("aria-describedby") ?? "";
  return document.getElementById(id)?.textContent ?? "";
};

Deno.test("users are listed by name, a page at a time, and found by a part of their name", async () => {
  await using admin = await startAdmin();
  const { accounts } = admin.rig.app.app.store;
  for (let at = 0; at < 120; at++) {
    const name = `user-${String(at).padStart(3, "0")}`;
    await accounts.ensure("user", name, roles.trigger);
  }
  await accounts.ensure("group", "user-group", roles.trigger);
  const seen: (string | null)[] = [];
  let path: string | null | undefined = "/admin/users?q=user-";
  while (path) {
    const page: Page = await admin.read(path);
    assertEquals(page.status, 200);
    seen.push(...names(page));
    path = page.document.querySelector("a[rel=next]")?.getAttribute("href");
  }
  assertEquals(
    seen,
    Array.from(
      { length: 120 },
      (_, at) => `user-${String(at).padStart(3, "0")}`,
    ),
  );
  assertEquals(names(await admin.read("/admin/users?q=r-11")).length, 10);
  assertEquals(names(await admin.read("/admin/groups")), ["user-group"]);
  assertEquals(names(await admin.read("/admin/users?only=administrators")), [
    "root",
  ]);
  assertEquals(names(await admin.read("/admin/users?only=disabled")), []);
  const wrong = await admin.read("/admin/users?only=odd&q=x");
  assertEquals(wrong.status, 400);
  assertStringIncludes(fault(wrong, "only"), "administrators");
});

Deno.test("a page says who an account is, what it may do, ran and changed, and what was done to it", async () => {
  await using admin = await startAdmin();
  const { rig } = admin;
  await rig.run({ package: "hello", user: "alice" });
  await admin.send("/admin/users/alice/access", {
    role: "trigger",
    further: "runs:read_private",
    backends: "",
    jobs: "hello*\nother",
  });
  const page = await admin.read("/admin/users/alice");
  assertEquals(page.status, 200);
  assertHarmless(page);
  assertStringIncludes(page.text, "*:read *:create *:cancel runs:read_private");
  assertStringIncludes(page.text, "jobs hello* or other");
  assertStringIncludes(section(page, "runs-title"), "hello");
  assertStringIncludes(section(page, "about-title"), "accounts:access");
  assertStringIncludes(section(page, "by-title"), "tests:create");
  const value = (name: string) =>
    page.document.querySelector(`[name=${name}]`)?.textContent ?? "";
  assertEquals(
    page.document.querySelector("option[selected]")?.textContent,
    "trigger",
  );
  assertEquals(value("further").trim(), "runs:read_private");
  assertEquals(value("jobs").trim(), "hello*\nother");
  assertEquals((await admin.read("/admin/users/nobody")).status, 404);
  assertEquals((await admin.read("/admin/groups/alice")).status, 404);
});

Deno.test("role, permissions and limits are changed, audited under the script's names, and a wrong form is kept", async () => {
  await using admin = await startAdmin();
  const { accounts } = admin.rig.app.app.store;
  await accounts.ensure("user", "alice", roles.trigger);
  const path = "/admin/users/alice/access";
  assertLeads(
    await admin.send(path, {
      role: "viewer",
      further: "runs:cancel, audit:read_all",
      backends: "prow",
      jobs: "",
    }),
    "/admin/users/alice",
  );
  const changed = await accounts.findByName("user", "alice");
  assertEquals(changed?.permissions, [
    "*:read",
    "runs:cancel",
    "audit:read_all",
  ]);
  assertEquals(changed?.limits, [{ backends: ["prow"] }]);
  const wrong = await admin.send(path, {
    role: "viewer",
    further: "all of it",
    backends: "jenkins",
    jobs: "kept-*",
  });
  assertEquals(wrong.status, 400);
  assertStringIncludes(fault(wrong, "further"), "all is not a permission");
  assertStringIncludes(fault(wrong, "backends"), "autopkgtest, prow");
  assertStringIncludes(wrong.html, "kept-*");
  assertEquals(await accounts.findByName("user", "alice"), changed);
  assertLeads(
    await admin.send("/admin/users/alice/disable", {}),
    "/admin/users/alice",
  );
  assert((await accounts.findByName("user", "alice"))?.disabledAt);
  assertStringIncludes(
    (await admin.read("/admin/users/alice")).text,
    "Enable the account",
  );
  await admin.send("/admin/users/alice/enable", {});
  assertEquals(
    (await accounts.findByName("user", "alice"))?.disabledAt,
    null,
  );
  assertEquals(await admin.audit(), [
    ["user:root", "accounts:enable", "user:alice", "done"],
    ["user:root", "accounts:disable", "user:alice", "done"],
    ["user:root", "accounts:access", "user:alice", "done"],
  ]);
});

Deno.test("groups are made, get owners and lose them, as scripts do it", async () => {
  await using admin = await startAdmin();
  const { accounts, groups } = admin.rig.app.app.store;
  const { account: alice } = await accounts.ensure(
    "user",
    "alice",
    roles.viewer,
  );
  const odd = await admin.send("/admin/groups", { name: "A B", role: "boss" });
  assertEquals(odd.status, 400);
  assertStringIncludes(fault(odd, "name"), "1 to 63 characters");
  assertStringIncludes(fault(odd, "role"), "viewer, trigger");
  assertLeads(
    await admin.send("/admin/groups", { name: "bots", role: "trigger" }),
    "/admin/groups/bots",
  );
  const again = await admin.send("/admin/groups", {
    name: "bots",
    role: "admin",
  });
  assertEquals(again.status, 400);
  assertStringIncludes(fault(again, "name"), "already");
  const bots = await groups.find("bots");
  assertEquals(bots?.permissions, roles.trigger);

  const owners = "/admin/groups/bots/owners";
  const unknown = await admin.send(owners, { owner: "carol" });
  assertEquals(unknown.status, 400);
  assertStringIncludes(fault(unknown, "owner"), "There is no user");
  assertLeads(
    await admin.send(owners, { owner: "alice" }),
    "/admin/groups/bots",
  );
  const page = await admin.read("/admin/groups/bots");
  assertStringIncludes(section(page, "owners-title"), "Remove alice");
  assertStringIncludes(
    section(await admin.read("/admin/users/alice"), "groups-title"),
    "bots",
  );
  assertEquals((await accounts.find(alice.id))?.permissions, [
    "*:read",
    "tokens:manage",
  ]);
  assertLeads(
    await admin.send(`${owners}/remove`, { owner: "alice" }),
    "/admin/groups/bots",
  );
  assertEquals(await groups.owners(bots?.id ?? 0), []);
  const gone = await admin.send(`${owners}/remove`, { owner: "alice" });
  assertStringIncludes(fault(gone, "owner"), "does not own");
  const done = ["user:root", "done"];
  assertEquals(
    (await admin.audit()).map(([who, action, target, outcome]) => [
      [who, outcome],
      action,
      target,
    ]),
    [
      [done, "groups:disown", "user:alice"],
      [done, "groups:disown", "group:bots"],
      [done, "groups:own", "user:alice"],
      [done, "groups:own", "group:bots"],
      [done, "accounts:access", "group:bots"],
    ],
  );
});

Deno.test("accounts are shown to administrators alone; who is nobody is led to the sign-in", async () => {
  await using admin = await startAdmin();
  for (
    const path of ["/admin/users", "/admin/groups", "/admin/users/root"]
  ) {
    for (const role of ["viewer", "trigger", "owner"] as const) {
      const refused = await admin.read(path, role);
      assertEquals(refused.status, 403, path);
      assertStringIncludes(refused.text, "accounts:manage is missing");
    }
    const anonymous = await readPage(admin.rig, path);
    assertEquals(anonymous.status, 303);
    assertStringIncludes(anonymous.headers.get("location") ?? "", "/login");
  }
  for (const role of ["viewer", "owner"] as const) {
    const path = "/admin/users/root/access";
    const refused = await admin.send(path, { role: "viewer" }, role);
    assertEquals(refused.status, 403);
    const menu = await admin.read("/", role);
    assert(!menu.html.includes('href="/admin"'), role);
  }
});

const hostile = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "evil\u202egnp.exe",
  "\u001b[31mred",
  "../../login",
  "javascript:alert(1)",
  "a/b?c#d",
];

Deno.test("names, permissions and limits that are meant to hurt are shown as text", async () => {
  await using admin = await startAdmin();
  const { database } = admin.rig.app;
  const { accounts, groups } = admin.rig.app.app.store;
  const { account: group } = await accounts.ensure("group", "g", ["*:read"]);
  for (const [at, text] of hostile.entries()) {
    const { account } = await accounts.ensure("user", `u${at}`, []);
    await groups.addOwners(group.id, [account]);
    await database.batch([sql`
      update account set name = ${text}, permissions = ${
      JSON.stringify([text])
    },
        limits = ${
      JSON.stringify({ jobs: [text] })
    } where id = ${account.id}`]);
  }
  const paths = [
    "/admin/users",
    "/admin/groups/g",
    ...hostile.flatMap((text) => [
      `/admin/users/${encodeURIComponent(text)}`,
      `/admin/users?${new URLSearchParams({ q: text, after: text })}`,
      `/admin/users?${new URLSearchParams({ only: text })}`,
      `/admin/groups/${encodeURIComponent(text)}`,
    ]),
  ];
  for (const path of paths) {
    const page = await admin.read(path);
    assert(page.status < 500, path);
    assertHarmless(page);
  }
  const page = await admin.read("/admin/users/evil%E2%80%AEgnp.exe");
  assertEquals(page.status, 200);
  assertStringIncludes(page.text, "evil[U+202E]gnp.exe");
  const typed = await admin.send("/admin/groups/g/access", {
    role: hostile[0] ?? "",
    further: hostile[1] ?? "",
    backends: hostile[2] ?? "",
    jobs: hostile[3] ?? "",
  });
  assertEquals(typed.status, 400);
});
