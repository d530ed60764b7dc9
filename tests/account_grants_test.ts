/** What administrators cannot do: shut the last one out, or make an account wider than they are. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { defineAuth } from "../core/auth.ts";
import { type Permission, roles } from "../core/permission.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { assertLeads, startAdmin } from "./admin.ts";
import { startTestApp } from "./app.ts";

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

Deno.test("a narrow manager neither demotes nor disables who may do more, nor takes a group from its owner", async () => {
  await using test = await startTestApp([], { auth: [narrowed()] });
  const { accounts, groups } = test.app.store;
  await accounts.ensure("user", "root", roles.admin);
  const { account: boss } = await accounts.ensure("user", "boss", roles.admin);
  await accounts.ensure("user", "reader", roles.viewer);
  const { account: ops } = await accounts.ensure("group", "ops", roles.admin);
  await groups.addOwners(ops.id, [boss]);
  const before = await accounts.find(boss.id);
  const send = async (path: string, fields: Record<string, string> = {}) => {
    const response = await test.request(path, {
      method: "POST",
      headers: { narrowed: "*:read accounts:manage", accept: "text/html" },
      body: new URLSearchParams(fields),
    });
    return [response.status, await response.text()] as const;
  };
  for (
    const [path, fields] of [
      ["/admin/users/boss/access", { role: "viewer" }],
      ["/admin/users/boss/disable", {}],
      ["/admin/groups/ops/owners/remove", { owner: "boss" }],
    ] as const
  ) {
    const [status, text] = await send(path, fields);
    assertEquals(status, 403, path);
    assertStringIncludes(text, "from an account that has *:*", path);
  }
  assertEquals(await accounts.find(boss.id), before);
  assertEquals((await groups.owners(ops.id)).length, 1);
  assertEquals((await send("/admin/users/reader/disable"))[0], 303);
});

Deno.test("private runs of others are shown to no administrator who may not see them, nor counted by owner", async () => {
  await using test = await startTestApp([autopkgtest()], {
    auth: [narrowed()],
  });
  const { accounts, runs, runners, attempts } = test.app.store;
  await accounts.ensure("user", "root", roles.admin);
  const { account } = await accounts.ensure("user", "alice", roles.trigger);
  const submission = {
    job: "secret-package",
    request: {},
    task: {},
    labels: { backend: "autopkgtest" },
    isPrivate: true,
  };
  const owner = { account: account.id, name: account.name };
  await runs.submit("autopkgtest", owner, [submission, submission]);
  const offers = [{ backend: ["autopkgtest"] }];
  const runner = { id: "r1", name: "r", version: "1", token: "t", offers };
  await runners.register(runner);
  const claim = { runnerId: "r1", claimId: "c", attemptToken: "a", offers };
  assert(await attempts.claim(claim));
  const read = async (path: string, scope: string) => {
    const response = await test.request(path, {
      headers: { narrowed: scope, accept: "text/html" },
    });
    const text = await response.text();
    assertEquals(response.status, 200, text);
    return text;
  };
  const pages = [
    ["/admin/users/alice", "accounts:manage", "secret-package"],
    ["/admin/runners/r1", "runners:manage", "secret-package"],
    ["/admin/queues", "runs:admin", "alice"],
  ] as const;
  for (const [path, permission, secret] of pages) {
    const narrow = await read(path, `${permission} runs:read`);
    const whole = await read(path, `${permission} runs:read runs:read_private`);
    const shown = (text: string) =>
      text.slice(text.indexOf("<h2") + 1 || text.indexOf("<table"))
        .includes(secret);
    assertEquals([path, shown(narrow)], [path, false]);
    assertEquals([path, shown(whole)], [path, true]);
  }
});
