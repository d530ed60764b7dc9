/** `/account/sessions` and `/account`: people see who they are here, and end their own sessions. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { csrfFieldName } from "../http/csrf.ts";
import {
  hiddenFields,
  origin,
  startAccounts,
  textOf,
  type Visitor,
  visitorWith,
} from "./account_world.ts";
import { assertHarmless, type Page } from "./pages.ts";

const path = "/account/sessions";
const firefox =
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

const ends = ({ document }: Page) =>
  [...document.querySelectorAll("form[action$='/end']")].map((form) =>
    form.getAttribute("action") ?? ""
  );

const isSignedIn = async (visitor: Visitor) =>
  (await visitor.open("/account")).status === 200;

Deno.test("people see their sessions, which is this one, and end another or all others", async () => {
  await using world = await startAccounts();
  await world.user("alice");
  const laptop = await world.visitor("alice", firefox);
  const phone = await world.visitor("alice");
  world.test.advance(120_000);
  const desk = await world.visitor("alice");
  const page = await desk.open(path);
  assertHarmless(page);
  assertStringIncludes(page.text, "Firefox on Linux");
  assertStringIncludes(page.text, "2 min ago");
  assertEquals(
    [...page.document.querySelectorAll("tbody .tag")].map(({ textContent }) =>
      textContent
    ),
    ["this one"],
  );
  const [newer, older] = ends(page);
  assert(newer && older);
  assertEquals(ends(page).length, 2);
  const done = await desk.submit(page, older);
  assertEquals([done.status, done.headers.get("location")], [303, path]);
  assertEquals(
    [await isSignedIn(laptop), await isSignedIn(phone), await isSignedIn(desk)]
      .filter((each) => each).length,
    2,
  );
  const again = await world.visitor("alice");
  await desk.submit(await desk.open(path), `${path}/end-others`);
  assertEquals(await isSignedIn(phone), false);
  assertEquals(await isSignedIn(again), false);
  assertEquals(await isSignedIn(desk), true);
  const after = await desk.open(path);
  assertEquals(ends(after), []);
  assertEquals(
    after.document.querySelector(`form[action="${path}/end-others"]`),
    null,
  );
  const lines = await world.audited();
  assertEquals(
    lines.map((line) => line.replace(/ [\da-f-]{36} /, " ID ")),
    Array(3).fill("user:alice session sessions:end ID done"),
  );
});

Deno.test("nobody ends another's session, and another site's page none at all", async () => {
  await using world = await startAccounts();
  await world.user("alice");
  await world.user("bob");
  const [alice, lost, bob] = [
    await world.visitor("alice"),
    await world.visitor("alice"),
    await world.visitor("bob"),
  ];
  const page = await alice.open(path);
  const [end = ""] = ends(page);
  await world.visitor("bob");
  const form = hiddenFields(await bob.open(path), `${path}/end-others`);
  for (const action of [end, `${path}/0/end`]) {
    const response = await world.test.request(origin + action, {
      method: "POST",
      headers: { cookie: bob.cookie, origin, accept: "text/html" },
      body: form,
    });
    await response.body?.cancel();
    assertEquals(response.status, 404);
  }
  for (const action of [end, `${path}/end-others`]) {
    const forged = { [csrfFieldName]: "0".repeat(64) };
    assertEquals((await alice.submit(page, action, forged)).status, 403);
    const headers = { origin: "https://evil.test" };
    assertEquals((await alice.submit(page, action, {}, headers)).status, 403);
    assertEquals((await alice.open(action)).status, 405);
  }
  assertEquals([await isSignedIn(lost), await isSignedIn(bob)], [true, true]);
});

Deno.test("a narrowed token sees the sessions of its account and ends none; who has none is told how to get one", async () => {
  await using world = await startAccounts();
  await world.user("root", { permissions: roles.admin });
  const root = await world.visitor("root");
  const tokens = await root.open("/admin/tokens");
  const made = await root.submit(tokens, "/admin/tokens", {
    group: "bots",
    scope: "runs:read",
  });
  const headers = {
    authorization: `Bearer ${textOf(made, "#token")}`,
    accept: "text/html",
  };
  const list = await world.test.request(path, { headers });
  const text = await list.text();
  assertStringIncludes(text, "it ends no session");
  assertStringIncludes(text, "None: you came with another credential");
  const end = await world.test.request(`${path}/end-others`, {
    method: "POST",
    headers,
  });
  assertEquals(end.status, 403, await end.text());
  assertEquals(await isSignedIn(root), true);
  const stranger = await visitorWith(world.test, "").open(path);
  assertEquals(stranger.status, 303);
});

Deno.test("a browser that calls itself something hurtful is shown as text", async () => {
  await using world = await startAccounts();
  await world.user("alice");
  const evil = `Firefox/1 "><img src=x onerror=alert(1)>`;
  const alice = await world.visitor("alice", evil);
  await world.test.database.batch([
    sql`update session_session set user_agent = user_agent || ${"\u202e\u001b[31m"}`,
  ]);
  const page = await alice.open(path);
  assertHarmless(page);
  assertStringIncludes(page.text, `<img src=x onerror=alert(1)>[U+202E]`);
});

Deno.test("every page's header signs out whoever has a session, by a form alone, and nobody else", async () => {
  await using world = await startAccounts();
  await world.user("alice");
  const alice = await world.visitor("alice");
  const page = await alice.open("/runs");
  const form = page.document.querySelector('header form[action="/logout"]');
  const token = form?.querySelector(`input[name=${csrfFieldName}]`)
    ?.getAttribute("value") ?? "";
  assert(form?.querySelector("button"));
  assertEquals((await alice.open("/logout")).status, 200);
  assertEquals(await isSignedIn(alice), true);
  const out = await world.test.request(`${origin}/logout`, {
    method: "POST",
    headers: { cookie: alice.cookie, origin, accept: "text/html" },
    body: new URLSearchParams({ [csrfFieldName]: token }),
  });
  await out.body?.cancel();
  assertEquals([out.status, out.headers.get("location")], [303, "/login"]);
  assertEquals(await isSignedIn(alice), false);
  const other = await world.test.request("/runs", {
    user: "bob",
    headers: { accept: "text/html" },
  });
  assertEquals((await other.text()).includes("/logout"), false);
});

Deno.test("the account page says who one is, in which role, with which groups and limits, and what one asked for", async () => {
  await using world = await startAccounts();
  await world.user("olga", {
    permissions: roles.owner,
    limits: [{ jobs: ["periodic-*"] }],
    owns: ["nightly", "ci-bots"],
  });
  await world.user("alice", { permissions: ["*:read", "tests:create"] });
  const olga = await (await world.visitor("olga")).open("/account");
  assertHarmless(olga);
  const facts = textOf(olga, "main dl");
  for (const fact of ["a person", "owner", "jobs periodic-*"]) {
    assertStringIncludes(facts, fact);
  }
  assertStringIncludes(facts, "ci-bots, nightly");
  assert(
    olga.document.querySelector('a[href="/account/tokens?group=ci-bots"]'),
  );
  const links = [...olga.document.querySelectorAll(".menu-list a")].map((
    link,
  ) => link.getAttribute("href"));
  for (const page of ["/account/keys", "/account/tokens", path]) {
    assert(links.includes(page), page);
  }
  const alice = await (await world.visitor("alice")).open("/account");
  assertStringIncludes(textOf(alice, "main dl"), "none of the usual ones");
  assertEquals(alice.html.includes("/account/tokens"), false);
});
