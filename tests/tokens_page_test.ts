/** `/account/tokens`: owners manage the tokens of their groups, as over the API. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { field, textOf } from "./account_world.ts";
import { assertHarmless, type Page } from "./pages.ts";
import { idsOf, make, own, start, works } from "./token_pages.ts";

const hourMs = 3_600_000;

Deno.test("an owner makes a token, which is shown once, stands for the group, and is nowhere else", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const { page, token, id } = await make(olga, { description: "nightly" });
  assertEquals(page.headers.get("cache-control"), "private, no-store");
  assertHarmless(page);
  const who = await world.test.request("/v1/whoami", {
    headers: { authorization: `Bearer ${token}` },
  });
  const { id: group, permissions } = await who.json();
  assertEquals(group, "group:ci-bots");
  assertEquals(permissions, roles.trigger);
  assertStringIncludes(textOf(page, "#token-use"), `TOKEN=${token}\ncurl `);
  assertStringIncludes(
    textOf(page, "#token-job"),
    `curl -H "Authorization: Bearer $TOKEN" -X POST`,
  );
  const list = await olga.open(own);
  assertStringIncludes(list.text, "nightly");
  for (const text of [list.html, await world.dump(), ...world.logged]) {
    assertEquals(text.includes(token), false);
  }
  assertEquals(await world.audited(), [
    `user:olga session tokens:create ${id} done`,
    "user:olga session tokens:create group:ci-bots done",
  ]);
});

Deno.test("the form takes what /v1/tokens takes, and the token's page shows it", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const { id } = await make(olga, {
    description: "narrow",
    expires: "12h",
    scope: "executions:create, executions:read",
    jobs: "periodic-*\r\npull-*",
    backends: ["prow"],
  });
  const page = await olga.open(`${own}/${id}`);
  for (
    const fact of [
      "executions:read, executions:create",
      "backend prow, jobs periodic-* or pull-*",
      "user:olga",
      "in 12 h",
      "never",
    ]
  ) assertStringIncludes(page.text, fact);
  const shown = await world.test.request(`/v1/tokens/${id}`, {
    headers: { cookie: olga.cookie },
  });
  const { limits, expires_at } = await shown.json();
  assertEquals(limits, [{
    backends: ["prow"],
    jobs: ["periodic-*", "pull-*"],
  }]);
  assertEquals(Date.parse(expires_at), world.test.now() + 12 * hourMs);
});

Deno.test("each fault is said beside its field, what was typed is kept, and no token is made", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const typed = {
    description: "a\u202eb",
    expires: "soon",
    scope: "read",
    jobs: "periodic-*",
  };
  const page = await olga.submit(await olga.open(own), own, {
    group: "ci-bots",
    backends: ["prow"],
    ...typed,
  });
  assertEquals(page.status, 400);
  assertHarmless(page);
  for (const name of ["description", "expires", "scope"] as const) {
    const { element, fault } = field(page, name);
    assertEquals(element.getAttribute("value"), typed[name]);
    assert(fault, `nothing is said beside ${name}`);
  }
  assertEquals(field(page, "jobs").element.textContent.trim(), typed.jobs);
  assert(page.document.querySelector("[value=prow][checked]"));
  assert(page.document.querySelector("details[open] [name=scope]"));
  assertEquals(idsOf(await olga.open(own), own), []);
});

Deno.test("a form that is sent again makes no second token, and one that rotates no second successor", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const form = await olga.open(own);
  const fields = { group: "ci-bots" };
  const first = await olga.submit(form, own, fields);
  const second = await olga.submit(form, own, fields);
  assertEquals([first.status, second.status], [201, 409]);
  assertStringIncludes(textOf(second, "[role=alert]"), "twice out of one form");
  const [id] = idsOf(second, own);
  assertEquals(idsOf(second, own).length, 1);
  const page = await olga.open(`${own}/${id}`);
  const rotate = `${own}/${id}/rotate`;
  const rotated = await olga.submit(page, rotate);
  const again = await olga.submit(page, rotate);
  assertEquals([rotated.status, again.status], [201, 409]);
  assertEquals(again.document.querySelector("#token"), null);
  assertEquals(idsOf(await olga.open(own), own).length, 2);
});

Deno.test("a rotated token works until its grace is over, its successor from at once", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const { token: old, id } = await make(olga, { description: "nightly" });
  const page = await olga.open(`${own}/${id}`);
  const rotate = `${own}/${id}/rotate`;
  const wrong = await olga.submit(page, rotate, { grace: "1y", expires: "x" });
  assertEquals(wrong.status, 400);
  assert(field(wrong, "grace").fault?.includes("24h"));
  assert(field(wrong, "expires").fault?.includes("90d"));
  const rotated = await olga.submit(page, rotate, { grace: "2h" });
  assertEquals(rotated.status, 201, rotated.text);
  const token = textOf(rotated, "#token");
  assertEquals([await works(world, old), await works(world, token)], [
    200,
    200,
  ]);
  world.test.advance(2 * hourMs);
  assertEquals([await works(world, old), await works(world, token)], [
    401,
    200,
  ]);
  const successor = idsOf(await olga.open(own), own).find((each) =>
    each !== id
  );
  const after = await olga.open(`${own}/${id}`);
  assertStringIncludes(after.text, "expired");
  const link = after.document.querySelector(`a[href="${own}/${successor}"]`);
  assert(link, "it leads to its successor");
  assertEquals(after.document.querySelector("main form"), null);
  const audited = (await world.audited()).join("\n");
  assertStringIncludes(
    audited,
    `user:olga session tokens:rotate ${successor} done`,
  );
});

Deno.test("a revoked token is refused at once", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const { token, id } = await make(olga);
  const page = await olga.open(`${own}/${id}`);
  const done = await olga.submit(page, `${own}/${id}/revoke`);
  assertEquals(done.headers.get("location"), `${own}/${id}`);
  assertEquals(await works(world, token), 401);
  assertStringIncludes((await olga.open(`${own}/${id}`)).text, "revoked");
  assertStringIncludes(
    (await world.audited()).join("\n"),
    `user:olga session tokens:revoke ${id} done`,
  );
});

Deno.test("a list of many tokens comes in pages without gap or repetition, of one group and of all", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  await world.test.database.batch([sql`
    with recursive n (n) as (select 1 union all select n + 1 from n where n < 120)
    insert into bearer_token (jti, account, sha256, description, created_at)
    select 'token-' || n, (select id from account where name = 'ci-bots'),
      'hash-' || n, '', n / 3 from n`]);
  for (const first of [own, `${own}?group=ci-bots`]) {
    const seen: string[] = [];
    let path: string | null | undefined = first;
    while (path) {
      const page: Page = await olga.open(path);
      seen.push(...idsOf(page, own));
      path = page.document.querySelector("a[rel=next]")?.getAttribute("href");
    }
    assertEquals([seen.length, new Set(seen).size], [120, 120]);
  }
});

Deno.test("descriptions and limits that are meant to hurt are shown as text", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const evil = `"><img src=x onerror=alert(1)>\u202e\u001b[31m`;
  const { id } = await make(olga);
  await world.test.database.batch([
    sql`update bearer_token set description = ${evil},
      limits = ${JSON.stringify([{ jobs: [evil] }])}`,
  ]);
  for (const path of [own, `${own}/${id}`]) {
    const page = await olga.open(path);
    assertEquals(page.status, 200);
    assertHarmless(page);
    assertStringIncludes(page.text, "<img src=x onerror=alert(1)>[U+202E]");
  }
  const nowhere = await olga.open(`${own}/${encodeURIComponent(evil)}`);
  assertEquals(nowhere.status, 404);
  assertHarmless(nowhere);
});
