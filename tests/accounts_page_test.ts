/** Users and groups on the pages of the administration. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { type Permission, roles } from "../core/permission.ts";
import { defineAuth } from "../core/auth.ts";
import { startTestApp } from "./app.ts";
import { assertLeads, startAdmin } from "./admin.ts";
import { assertHarmless, type Page, readPage } from "./pages.ts";
import * as z from "zod";

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

Deno.test("the last administrator is neither limited, demoted nor disabled, by a page", async () => {
  await using admin = await startAdmin();
  const { accounts } = admin.rig.app.app.store;
  const root = () => accounts.findByName("user", "root");
  const before = await root();
  const demotions = [
    { role: "viewer", further: "", backends: "", jobs: "" },
    { role: "admin", further: "", backends: "prow", jobs: "" },
    { role: "none", further: "accounts:manage", backends: "", jobs: "" },
  ];
  for (const fields of demotions) {
    const refused = await admin.send("/admin/users/root/access", fields);
    assertEquals(refused.status, 409);
    assertStringIncludes(refused.text, "nobody would be an administrator");
  }
  const own = await admin.send("/admin/users/root/disable", {});
  assertEquals(own.status, 409);
  assertStringIncludes(own.text, "that you are signed in with");
  assertEquals(await root(), before);
  // A disabled one, and one that is limited, are none to rely on.
  const { account } = await accounts.ensure("user", "off", roles.admin);
  await accounts.disable(account.id, true);
  await accounts.ensure("user", "near", roles.admin);
  const limits = [{ backends: ["prow"] }];
  await accounts.allow("user", "near", { permissions: roles.admin, limits });
  const still = await admin.send("/admin/users/root/access", {
    role: "viewer",
  });
  assertEquals(still.status, 409);
  await accounts.ensure("group", "ops", roles.admin);
  assertLeads(
    await admin.send("/admin/users/root/access", { role: "viewer" }),
    "/admin/users/root",
  );
  assertEquals((await root())?.permissions, roles.viewer);
});

Deno.test("of two administrators who demote each other at once one stays", async () => {
  await using admin = await startAdmin();
  const { accounts } = admin.rig.app.app.store;
  await accounts.ensure("user", "other", roles.admin);
  const answers = await Promise.all(
    ["root", "other"].map((name) =>
      admin.send(`/admin/users/${name}/access`, { role: "viewer" })
    ),
  );
  assertEquals(answers.map(({ status }) => status).toSorted(), [303, 409]);
});

/** Signs `root` in with so many permissions, and limits, as a narrowed credential does. */
const narrowed = defineAuth({
  name: "narrowed",
  scheme: { type: "apiKey", in: "header", name: "Narrowed" },
  challenge: "Narrowed",
  options: z.object({}),
  migrations: [],
  authenticate: ({ accounts }) => async (request) => {
    const scope = request.headers.get("narrowed");
    if (scope === null) return null;
    const account = await accounts.find(1);
    const isLimited = scope.endsWith(" limited");
    return account && {
      kind: "user",
      account: account.id,
      name: account.name,
      permissions: scope.split(" ").filter((word): word is Permission =>
        word.includes(":")
      ),
      limits: isLimited ? [{ backends: ["prow"] }] : [],
      via: "narrowed",
      credential: "narrow",
    };
  },
});

Deno.test("a narrowed credential of an administrator makes no account wider than it is, its own included", async () => {
  await using test = await startTestApp([], { auth: [narrowed()] });
  const { accounts, groups } = test.app.store;
  await accounts.ensure("user", "root", roles.admin);
  await accounts.ensure("user", "puppet", ["accounts:manage"]);
  const { account: off } = await accounts.ensure("user", "off", roles.admin);
  await accounts.disable(off.id, true);
  const { account: ops } = await accounts.ensure("group", "ops", roles.admin);
  const send = async (
    path: string,
    fields: Record<string, string>,
    scope = "accounts:manage",
  ) => {
    const response = await test.request(path, {
      method: "POST",
      headers: { narrowed: scope, accept: "text/html" },
      body: new URLSearchParams(fields),
    });
    return [response.status, await response.text()] as const;
  };
  const wider: readonly [string, Record<string, string>][] = [
    ["/admin/users/puppet/access", { role: "admin" }],
    ["/admin/users/puppet/access", { role: "none", further: "runs:admin" }],
    ["/admin/users/root/access", { role: "viewer" }],
    ["/admin/users/off/enable", {}],
    ["/admin/groups", { name: "new", role: "runner" }],
    ["/admin/groups/ops/owners", { owner: "puppet" }],
  ];
  for (const [path, fields] of wider) {
    const [status, text] = await send(path, fields);
    assertEquals(status, 403, path);
    assertStringIncludes(text, "Cannot give", path);
    const limited = await send(path, fields, "*:* limited");
    assertEquals(limited[0], 403, path);
    assertStringIncludes(limited[1], "backend prow");
  }
  assertEquals(
    (await accounts.findByName("user", "puppet"))?.permissions,
    ["accounts:manage"],
  );
  assert((await accounts.find(off.id))?.disabledAt);
  assertEquals(await groups.owners(ops.id), []);
  assertEquals(await groups.find("new"), null);
  const [status] = await send("/admin/users/puppet/access", {
    role: "none",
    further: "accounts:manage",
    jobs: "a-*",
  });
  assertEquals(status, 303);
  const refused = await test.app.store.audit.list({
    limit: 1,
    action: "groups:own",
  });
  assertEquals(
    refused.map(({ outcome, target, credential }) => [
      outcome,
      target,
      credential,
    ]),
    [["forbidden", "user:puppet", "narrow"]],
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
