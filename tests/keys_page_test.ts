/** `/account/keys`: people get and revoke Auth-Keys of their own, as over the API. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { csrfFieldName } from "../http/csrf.ts";
import {
  type AccountWorld,
  field,
  hiddenFields,
  origin,
  startAccounts,
  textOf,
  visitorWith,
} from "./account_world.ts";
import { assertHarmless, type Page } from "./pages.ts";

const path = "/account/keys";

async function start(): Promise<AccountWorld> {
  const world = await startAccounts();
  await world.user("alice");
  return world;
}

/** Ids of the keys that a page offers to revoke. */
function revocable({ document }: Page): string[] {
  return [...document.querySelectorAll("form[action$='/revoke']")].map((form) =>
    form.getAttribute("action")?.split("/")[3] ?? ""
  );
}

const works = ({ status }: AccountWorld, key: string) =>
  status("/api/v1/auth", { "auth-key": key });

Deno.test("a key is shown once, works, and is nowhere else: in no table, no log, no other page", async () => {
  await using world = await start();
  const alice = await world.visitor("alice");
  const form = await alice.open(path);
  assertStringIncludes(form.text, "None yet");
  const made = await alice.submit(form, path, { description: "laptop" });
  assertEquals(made.status, 201);
  assertEquals(made.headers.get("cache-control"), "private, no-store");
  assertHarmless(made);
  const key = textOf(made, "#key");
  assertEquals(await works(world, key), 200);
  assertStringIncludes(textOf(made, "#key-use"), `KEY=${key}\ncurl `);
  assertStringIncludes(
    textOf(made, "#key-test"),
    `curl --header "Auth-Key: $KEY" --data '' ${origin}/api/v1/test/`,
  );
  const again = await alice.open(path);
  assertStringIncludes(again.text, "laptop");
  assertEquals(again.html.includes(key), false);
  assertEquals((await world.dump()).includes(key), false);
  assertEquals(world.logged.join("\n").includes(key), false);
  const [id] = revocable(again);
  assertEquals(await world.audited(), [
    `user:alice session keys:create ${id} done`,
  ]);
});

Deno.test("a form that is sent again, as by loading its answer anew, makes no second key and says so", async () => {
  await using world = await start();
  const alice = await world.visitor("alice");
  const form = await alice.open(path);
  const first = await alice.submit(form, path, { description: "laptop" });
  assertEquals(first.status, 201);
  const second = await alice.submit(form, path, { description: "laptop" });
  assertEquals(second.status, 409);
  assertStringIncludes(textOf(second, "[role=alert]"), "twice out of one form");
  assertEquals(revocable(second).length, 1);
  assertEquals(second.document.querySelector("#key"), null);
  // The form that comes with it is another one.
  const third = await alice.submit(second, path, { description: "laptop" });
  assertEquals(third.status, 201);
  assertEquals(revocable(third).length, 2);
  // Of several that come at once, too.
  const fresh = await alice.open(path);
  const all = await Promise.all(
    Array.from({ length: 5 }, () => alice.submit(fresh, path)),
  );
  assertEquals(all.map(({ status }) => status).toSorted(), [
    201,
    409,
    409,
    409,
    409,
  ]);
});

Deno.test("what is wrong with a description is said beside it, what was typed is kept, and no key is made", async () => {
  await using world = await start();
  const alice = await world.visitor("alice");
  for (const description of ["x".repeat(201), "a\u202eb"]) {
    const form = await alice.open(path);
    const refused = await alice.submit(form, path, { description });
    assertEquals(refused.status, 400);
    const { element, fault } = field(refused, "description");
    assertEquals(element.getAttribute("value"), description);
    assertStringIncludes(fault ?? "", "the description ");
    assertEquals(revocable(refused), []);
  }
  assertEquals(await world.audited(), []);
});

Deno.test("a revoked key is refused at once and stays in the list of revoked ones; nobody revokes another's", async () => {
  await using world = await start();
  await world.user("bob");
  const alice = await world.visitor("alice");
  const made = await alice.submit(await alice.open(path), path);
  const key = textOf(made, "#key");
  const [id] = revocable(made);
  const revoke = `${path}/${id}/revoke`;
  const bob = await world.visitor("bob");
  const bobsForm = hiddenFields(await bob.open(path), path);
  const foreign = await world.test.request(`${origin}${revoke}`, {
    method: "POST",
    headers: { cookie: bob.cookie, origin, accept: "text/html" },
    body: bobsForm,
  });
  assertEquals(foreign.status, 404);
  await foreign.body?.cancel();
  assertEquals(await works(world, key), 200);
  const done = await alice.submit(made, revoke);
  assertEquals([done.status, done.headers.get("location")], [303, path]);
  assertEquals(await works(world, key), 403);
  const list = await alice.open(path);
  assertEquals(revocable(list), []);
  assertStringIncludes(list.text, "Revoked (1)");
  assertStringIncludes(
    (await world.audited()).join("\n"),
    `user:alice session keys:revoke ${id} done`,
  );
});

Deno.test("only the form of our own page makes a key, and only a POST", async () => {
  await using world = await start();
  const alice = await world.visitor("alice");
  const form = await alice.open(path);
  const foreign: readonly (readonly [
    Record<string, string>,
    Record<string, string>,
  ])[] = [
    [{ [csrfFieldName]: "" }, {}],
    [{ [csrfFieldName]: "0".repeat(64) }, {}],
    [{}, { origin: "https://evil.test" }],
    [{}, { "sec-fetch-site": "cross-site" }],
  ];
  for (const [fields, headers] of foreign) {
    const refused = await alice.submit(form, path, fields, headers);
    // A cross-site request is as if it had no cookie.
    assert([303, 403].includes(refused.status), `${refused.status}`);
    assertEquals(refused.document.querySelector("#key"), null);
  }
  const nameless = await alice.submit(form, path, { form_id: "" });
  assertEquals(nameless.status, 400);
  await alice.open(`${path}?description=x`);
  assertEquals(revocable(await alice.open(path)), []);
  const revoke = await alice.open(`${path}/0/revoke`);
  assertEquals(revoke.status, 405);
});

Deno.test("whoever has a key, a narrowed token or nothing makes no key here either", async () => {
  await using world = await start();
  await world.user("root", { permissions: ["*:*"] });
  const alice = await world.visitor("alice");
  const made = await alice.submit(await alice.open(path), path);
  const key = textOf(made, "#key");
  const root = await world.visitor("root");
  const tokens = await root.open("/admin/tokens");
  const token = textOf(
    await root.submit(tokens, "/admin/tokens", {
      group: "bots",
      scope: "keys:read",
    }),
    "#token",
  );
  const count = async () =>
    Number(
      (await world.test.database.query(
        sql`select count(*) as n from auth_key_key`,
      ))[0]?.n,
    );
  const before = await count();
  const send = async (method: string, headers: Record<string, string>) => {
    const response = await world.test.request(path, {
      method,
      headers: { accept: "text/html", ...headers },
      body: method === "GET" ? null : new URLSearchParams({ description: "" }),
    });
    return [response.status, await response.text()] as const;
  };
  const withKey = { "auth-key": key };
  const withToken = { authorization: `Bearer ${token}` };
  for (const method of ["GET", "POST"]) {
    const [status, text] = await send(method, withKey);
    assertEquals(status, method === "GET" ? 403 : 400, text);
    assertEquals((await send(method, {}))[0], 303);
  }
  const hidden = new URLSearchParams({
    form_id: hiddenFields(await alice.open(path), path).get("form_id") ?? "",
  });
  for (const headers of [withKey, withToken]) {
    const response = await world.test.request(path, {
      method: "POST",
      headers: { accept: "text/html", ...headers },
      body: hidden,
    });
    assertEquals(response.status, 403, await response.text());
  }
  const [status, text] = await send("GET", withToken);
  assertEquals(status, 200);
  assertStringIncludes(text, "neither makes nor revokes keys");
  assertEquals(text.includes("Get API key"), false);
  assertEquals(await count(), before);
  const stranger = await visitorWith(world.test, "").open(path);
  assertEquals(
    stranger.headers.get("location"),
    "/login?return_to=%2Faccount%2Fkeys",
  );
});

Deno.test("an account with 50 live keys is told why it gets no more", async () => {
  await using world = await start();
  const alice = await world.visitor("alice");
  await world.test.database.batch([sql`
    with recursive n (n) as (select 1 union all select n + 1 from n where n < 50)
    insert into auth_key_key (id, account, sha256, name, created_at)
    select 'key-' || n, (select id from account where name = 'alice'),
      'hash-' || n, '', 0 from n`]);
  const refused = await alice.submit(await alice.open(path), path, {
    description: "one more",
  });
  assertEquals(refused.status, 409);
  assertStringIncludes(textOf(refused, "[role=alert]"), "has 50 live keys");
  assertEquals(
    field(refused, "description").element.getAttribute("value"),
    "one more",
  );
});

Deno.test("descriptions that are meant to hurt are shown as text", async () => {
  await using world = await start();
  const alice = await world.visitor("alice");
  await alice.submit(await alice.open(path), path, {
    description: `"><img src=x onerror=alert(1)><script>alert(1)</script>`,
  });
  const page = await alice.open(path);
  assertHarmless(page);
  assertStringIncludes(page.text, "<script>alert(1)</script>");
  await world.test.database.batch([
    sql`update auth_key_key set name = ${"\u202e\u001b]8;;javascript:x\u0007"}`,
  ]);
  assertHarmless(await alice.open(path));
});

Deno.test("the pages have the rate of the API, per credential", async () => {
  const policy = { requests: 3, windowSeconds: 60 };
  await using world = await startAccounts({
    rates: { read: policy, trigger: policy },
  });
  await world.user("alice");
  const alice = await world.visitor("alice");
  const form = await alice.open(path);
  const statuses = [];
  for (let at = 0; at < 3; at++) {
    const { status } = await alice.submit(form, path);
    statuses.push(status);
  }
  assertEquals(statuses, [201, 409, 429]);
  const refused = await alice.open("/account");
  assertEquals(refused.status, 429);
  assertEquals(refused.headers.get("retry-after"), "20");
  assertHarmless(refused);
});
