/** The audit as administrators read it on a page. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AuditStore } from "../db/audit_store.ts";
import { type AdminRig, startAdmin } from "./admin.ts";
import type { Page } from "./pages.ts";

const entry = {
  principal: "user:alice",
  via: "basic",
  credential: "1",
  action: "runs:cancel",
  targets: ["one"],
  source: "198.51.100.7",
  outcome: "done",
  requestId: "r",
};

async function fill(
  audit: AuditStore,
  count: number,
  of: (at: number) => Partial<typeof entry>,
) {
  for (let at = 0; at < count; at++) {
    await audit.record({ ...entry, ...of(at) });
  }
}

const column = ({ document }: Page, at: number) =>
  [...document.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("th, td")][at]?.textContent ?? ""
  );

/** The targets of all pages, following the links; and how many pages there were. */
async function walk(admin: AdminRig, first: string) {
  const targets: string[] = [];
  let pages = 0;
  let path: string | null | undefined = first;
  while (path) {
    const page: Page = await admin.read(path);
    assertEquals(page.status, 200, path);
    targets.push(...column(page, 3));
    pages++;
    path = page.document.querySelector("a[rel=next]")?.getAttribute("href");
  }
  return { targets, pages };
}

Deno.test("the audit is read page by page, newest first, without gap or repetition", async () => {
  await using admin = await startAdmin();
  const { audit } = admin.rig.app.app.store;
  await fill(audit, 250, (at) => ({ targets: [`t${at}`] }));
  const { targets, pages } = await walk(
    admin,
    "/admin/audit?principal=user:alice",
  );
  assertEquals(targets, Array.from({ length: 250 }, (_, at) => `t${249 - at}`));
  assertEquals(pages, 3);
});

Deno.test("lines are found by who, action, target, outcome and time", async () => {
  await using admin = await startAdmin();
  const { audit } = admin.rig.app.app.store;
  await audit.record(entry);
  admin.rig.app.advance(86_400_000);
  await audit.record({
    ...entry,
    principal: "group:bots",
    action: "keys:create",
    targets: ["two"],
    outcome: "forbidden",
  });
  const found = async (query: string) =>
    column(await admin.read(`/admin/audit?${query}`), 3);
  for (
    const [query, targets] of [
      ["principal=user:alice", ["one"]],
      ["action=keys:create", ["two"]],
      ["target=one", ["one"]],
      ["outcome=forbidden", ["two"]],
      ["outcome=done&action=runs:cancel", ["one"]],
      ["outcome=forbidden&principal=user:alice", []],
      ["target=two&principal=group:bots&outcome=forbidden", ["two"]],
      ["since=2026-01-03", ["two"]],
      ["until=2026-01-02&action=runs:cancel", ["one"]],
      ["since=2026-01-02T00:00Z&until=2026-01-03&principal=group:bots", [
        "two",
      ]],
    ] as const
  ) {
    assertEquals(await found(query), [...targets], query);
  }
  const wrong = await admin.read("/admin/audit?principal=alice&since=soon");
  assertEquals(wrong.status, 400);
  assertStringIncludes(wrong.text, "Write user:NAME");
  assertStringIncludes(wrong.text, "Write a day");
  assertStringIncludes(wrong.html, 'value="soon"');
});

Deno.test("what is rare is found however much is in between, by looking further back", async () => {
  await using admin = await startAdmin();
  const { audit } = admin.rig.app.app.store;
  await audit.record({ ...entry, action: "keys:create", targets: ["rare"] });
  const many = Array.from({ length: 7_000 }, (_, at) => `t${at}`);
  await audit.record({ ...entry, targets: many });
  const path = "/admin/audit?principal=user:alice&action=keys:create";
  const first = await admin.read(path);
  assertStringIncludes(first.text, "3000 lines were looked through");
  const { targets, pages } = await walk(admin, path);
  assertEquals(targets, ["rare"]);
  assertEquals(pages, 3);
});

Deno.test("a refusal is a line, and reading the audit none", async () => {
  await using admin = await startAdmin();
  await admin.read("/admin/audit");
  await admin.send("/admin/users/root/disable", {}, "viewer");
  const [line, ...more] = await admin.audit();
  assertEquals(more, []);
  assertEquals(line, ["user:root", "accounts:disable", null, "forbidden"]);
});
