/** Runners and queues on the pages of the administration. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { sql } from "../core/database.ts";
import { type AdminRig, assertLeads, startAdmin } from "./admin.ts";
import { register } from "./debci.ts";
import { assertHarmless, type Page, readPage } from "./pages.ts";

const offers = [{
  backend: ["autopkgtest"],
  arch: ["*"],
  suite: ["*"],
  testbed: ["*"],
}];

async function idOf(admin: AdminRig, name: string): Promise<string> {
  const runners = await admin.rig.app.app.store.runners.list(null);
  return runners.find((runner) => runner.name === name)?.id ?? "";
}

/** Asks for work as a runner does: the run's number, null for nothing. */
async function claim(admin: AdminRig, token: string): Promise<number | null> {
  const response = await admin.rig.app.request("/runner/v1/claim", {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      claimId: crypto.randomUUID(),
      offers,
      waitSeconds: 0,
    }),
  });
  if (response.status === 204) return null;
  const assigned = z.object({ run: z.object({ number: z.number() }) });
  return assigned.parse(await response.json()).run.number;
}

const cells = ({ document }: Page) =>
  [...document.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("th, td")].map(({ textContent }) => textContent)
  );

Deno.test("a paused runner gets nothing and says what it still has to finish, until it is resumed", async () => {
  await using admin = await startAdmin();
  const { rig } = admin;
  const token = await register(rig.app, "worker-2");
  const id = await idOf(admin, "worker-2");
  const first = await rig.ask({ package: "first" });
  await rig.ask({ package: "second" });
  assertEquals(await claim(admin, token), first);
  const path = `/admin/runners/${id}`;
  const busy = await admin.read(path);
  assertHarmless(busy);
  assertStringIncludes(busy.text, "works");
  assertStringIncludes(busy.text, "first");

  assertLeads(await admin.send(`${path}/pause`, { then: "runner" }), path);
  const draining = await admin.read(path);
  assertStringIncludes(draining.text, "draining");
  assertStringIncludes(draining.text, "1 still to go");
  assertEquals(await claim(admin, token), null);

  // The run is over.
  await rig.app.database.batch([
    sql`update run set state = 'aborted' where number = ${first}`,
  ]);
  assertStringIncludes((await admin.read(path)).text, "drained");
  assertLeads(
    await admin.send(`${path}/resume`, { then: "list" }),
    "/admin/runners",
  );
  assert(await claim(admin, token) !== null);
  assertEquals(await admin.audit(), [
    ["user:root", "runners:resume", id, "done"],
    ["user:root", "runners:pause", id, "done"],
  ]);
});

Deno.test("a runner that is revoked is shut out, and its page offers nothing more", async () => {
  await using admin = await startAdmin();
  const token = await register(admin.rig.app, "lost");
  const path = `/admin/runners/${await idOf(admin, "lost")}`;
  const before = await admin.read(path);
  assert(before.document.querySelector(`form[action="${path}/revoke"]`));
  assertLeads(await admin.send(`${path}/revoke`, {}), path);
  const after = await admin.read(path);
  assertStringIncludes(after.text, "revoked");
  assertEquals([...after.document.querySelectorAll("main form")], []);
  const refused = await admin.rig.app.request("/runner/v1/claim", {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  await refused.body?.cancel();
  assertEquals(refused.status, 401);
  assertEquals((await admin.read("/admin/runners/none")).status, 404);
  assertEquals((await admin.send("/admin/runners/none/pause", {})).status, 404);
});

Deno.test("runners are listed with their offers and what they do; who was not seen for a week when all are asked for", async () => {
  await using admin = await startAdmin();
  await register(admin.rig.app, "old");
  admin.rig.app.advance(8 * 86_400_000);
  const empty = await admin.read("/admin/runners");
  assertStringIncludes(empty.text, "No runner was seen within a week");
  assertStringIncludes(empty.text, "SLIPWAY_RUNNER_TOKEN");
  await register(admin.rig.app, "new");
  const [row, ...others] = cells(await admin.read("/admin/runners"));
  assertEquals(others, []);
  assertEquals(row?.slice(0, 3), ["new", "idle", "–"]);
  assertStringIncludes(row?.[3] ?? "", "backend: autopkgtest; arch: any");
  const all = cells(await admin.read("/admin/runners?all=1"));
  assertEquals(all.map(([name, doing]) => [name, doing]).toSorted(), [
    ["new", "idle"],
    ["old", "silent"],
    ["worker-1", "silent"],
  ]);
});

Deno.test("a queue says how long it is, whose, and who serves it, and loudly when nobody does", async () => {
  await using admin = await startAdmin();
  const { rig } = admin;
  for (const [user, count] of [["alice", 3], ["bob", 1]] as const) {
    for (let at = 0; at < count; at++) {
      await rig.ask({ package: `p${at}`, user });
    }
  }
  const token = await register(rig.app, "worker-2");
  await claim(admin, token);
  const served = await admin.read("/admin/queues");
  assertHarmless(served);
  assertEquals(served.document.querySelector("[role=alert]"), null);
  const [row] = cells(served);
  assertEquals(row?.[1], "3");
  assertStringIncludes(row?.[3] ?? "", "alice 2 (67 %)");
  assertStringIncludes(row?.[3] ?? "", "bob 1 (33 %)");
  assertStringIncludes(row?.[4] ?? "", "2: worker-");

  for (const name of ["worker-1", "worker-2"]) {
    await admin.send(`/admin/runners/${await idOf(admin, name)}/pause`, {});
  }
  await admin.rig.app.app.store.runs.submit(
    "prow",
    { account: 1, name: "root" },
    [{
      job: "j",
      request: {},
      task: {},
      labels: { backend: "prow", cluster: "mars" },
    }],
  );
  const page = await admin.read("/admin/queues");
  assertStringIncludes(
    page.document.querySelector("[role=alert]")?.textContent ?? "",
    "2 queues have no runner: 4 runs wait",
  );
  const [paused, nobody] = cells(page);
  assertStringIncludes(paused?.[4] ?? "", "None: all that could are paused");
  assertStringIncludes(paused?.[4] ?? "", "worker-2");
  assertStringIncludes(nobody?.[4] ?? "", "None: no runner offers this");
  assertStringIncludes(nobody?.[4] ?? "", "mars");
});

Deno.test("runners and queues are for those who may, and names that are meant to hurt are text", async () => {
  await using admin = await startAdmin();
  const id = await idOf(admin, "worker-1");
  const paths = [
    "/admin/runners",
    `/admin/runners/${id}`,
    "/admin/queues",
    "/admin/audit",
  ];
  for (const path of paths) {
    for (const role of ["viewer", "trigger", "owner"] as const) {
      assertEquals((await admin.read(path, role)).status, 403, path);
    }
    assertEquals((await readPage(admin.rig, path)).status, 303, path);
  }
  for (const verb of ["pause", "resume", "revoke"]) {
    const path = `/admin/runners/${id}/${verb}`;
    assertEquals((await admin.send(path, {}, "owner")).status, 403);
    assertEquals((await admin.read(path)).status, 405);
  }
  await admin.rig.ask({ package: "hello" });
  for (
    const text of [
      "<script>alert(1)</script>",
      `"><img src=x onerror=alert(1)>`,
      "evil\u202egnp.exe",
      "\u001b[31mred",
    ]
  ) {
    await admin.rig.app.database.batch([
      sql`update runner set name = ${text}, version = ${text},
        offers = ${JSON.stringify([{ [text]: [text] }])}`,
      sql`update queue set labels = ${
        JSON.stringify({ backend: text, arch: text })
      }`,
      sql`update account set name = ${text} where name <> 'root'`,
    ]);
    await admin.rig.app.app.store.audit.record({
      principal: text,
      via: text,
      credential: text,
      action: text,
      targets: [text],
      source: text,
      outcome: text,
      requestId: text,
    });
    for (const path of paths) {
      const page = await admin.read(path);
      assertEquals(page.status, 200, path);
      assertHarmless(page);
    }
    const query = new URLSearchParams({
      principal: text,
      action: text,
      target: text,
      outcome: text,
      since: text,
      until: text,
      before: text,
    });
    const filtered = await admin.read(`/admin/audit?${query}`);
    assertEquals(filtered.status, 400);
    assertHarmless(filtered);
  }
});
