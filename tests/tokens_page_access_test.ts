/** Who may do what on the pages of tokens: no more than over the API. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { roles } from "../core/permission.ts";
import { csrfFieldName } from "../http/csrf.ts";
import { field, hiddenFields, textOf, visitorWith } from "./account_world.ts";
import type { Page } from "./pages.ts";
import { all, idsOf, make, own, send, start, works } from "./token_pages.ts";

Deno.test("others' groups and tokens look as if they did not exist", async () => {
  await using world = await start();
  await world.user("peter", { permissions: roles.owner, owns: ["deploy"] });
  const [olga, peter] = [
    await world.visitor("olga"),
    await world.visitor("peter"),
  ];
  const { id, token } = await make(olga);
  const nowhere = "01900000-0000-7000-8000-000000000000";
  const [hidden, none] = [
    await peter.open(`${own}/${id}`),
    await peter.open(`${own}/${nowhere}`),
  ];
  assertEquals([hidden.status, none.status], [404, 404]);
  // Each page has form tokens of its own.
  const [hiddenText, noText] = [hidden, none].map(({ html }) =>
    html.replaceAll(
      new RegExp(`name="${csrfFieldName}" value="[^"]+"`, "g"),
      "",
    )
  );
  assertEquals(hiddenText, noText);
  const form = hiddenFields(await peter.open(own), own);
  for (const verb of ["rotate", "revoke"]) {
    for (const each of [id, nowhere]) {
      const status = await send(world, peter, `${own}/${each}/${verb}`, form);
      assertEquals(status, 404, verb);
    }
  }
  for (const group of ["ci-bots", "no-such-group"]) {
    const list = await peter.open(`${own}?group=${group}`);
    assertEquals(list.status, 403);
    const made = await peter.submit(await peter.open(own), own, { group });
    assertEquals(made.status, 403);
    assertStringIncludes(
      textOf(made, "[role=alert]"),
      `Cannot manage the tokens of group "${group}": you are not one of its owners`,
    );
  }
  assertEquals(idsOf(await peter.open(own), own), []);
  assertEquals(await works(world, token), 200);
  const { groups } = world.test.app.store;
  assertEquals(await groups.find("no-such-group"), null);
});

Deno.test("nobody makes a token here that may do more than they, and the attempt is audited", async () => {
  await using world = await start();
  await world.user("lena", {
    permissions: roles.owner,
    limits: [{ jobs: ["periodic-*"] }],
    owns: ["nightly"],
  });
  const lena = await world.visitor("lena");
  const wider = await lena.submit(await lena.open(own), own, {
    group: "nightly",
    scope: "runs:admin",
  });
  assertEquals(wider.status, 403);
  assertStringIncludes(textOf(wider, "[role=alert]"), "may not runs:admin");
  assertEquals(
    field(wider, "scope").element.getAttribute("value"),
    "runs:admin",
  );
  assertEquals(await world.audited(), [
    "user:lena session tokens:create  forbidden",
  ]);
  const made = await lena.submit(await lena.open(own), own, {
    group: "nightly",
  });
  assertEquals(made.status, 201);
  const [id] = idsOf(made, own);
  const page = await lena.open(`${own}/${id}`);
  assertStringIncludes(page.text, "jobs periodic-*");
});

Deno.test("only those who may manage tokens see the pages, and only administrators those of all groups", async () => {
  await using world = await start();
  await world.user("alice");
  await world.user("root", { permissions: roles.admin });
  const entries = async (name: string) => {
    const visitor = await world.visitor(name);
    const account = await visitor.open("/account");
    const admin = await visitor.open("/admin");
    const links = (page: Page) =>
      [...page.document.querySelectorAll(".menu-list a")].map((link) =>
        link.getAttribute("href")
      );
    const statuses = [
      (await visitor.open(own)).status,
      (await visitor.open(all)).status,
    ];
    return [
      links(account).includes(own),
      links(admin).includes(all),
      ...statuses,
    ];
  };
  assertEquals(await entries("alice"), [false, false, 403, 403]);
  assertEquals(await entries("olga"), [true, false, 200, 403]);
  assertEquals(await entries("root"), [true, true, 200, 200]);
  const stranger = visitorWith(world.test, "");
  assertEquals((await stranger.open(all)).status, 303);
  const olga = await world.visitor("olga");
  const form = hiddenFields(await olga.open(own), own);
  assertEquals(await send(world, olga, all, form), 403);
});

Deno.test("an administrator manages the tokens of all groups, and makes a group with its first", async () => {
  await using world = await start();
  await world.user("root", { permissions: roles.admin });
  const [olga, root] = [
    await world.visitor("olga"),
    await world.visitor("root"),
  ];
  const { id, token } = await make(olga);
  const { token: fresh } = await make(root, { group: "new-bots" }, all);
  assertEquals(await works(world, fresh), 200);
  const list = await root.open(all);
  assertEquals(idsOf(list, all).length, 2);
  assertEquals(idsOf(await root.open(`${all}?group=ci-bots`), all), [id]);
  assertEquals(idsOf(await root.open(`${all}?group=none`), all), []);
  assertStringIncludes((await root.open(own)).text, "You own no group");
  const page = await root.open(`${all}/${id}`);
  await root.submit(page, `${all}/${id}/revoke`);
  assertEquals(await works(world, token), 401);
});

Deno.test("another page's form changes nothing, nor does a GET", async () => {
  await using world = await start();
  const olga = await world.visitor("olga");
  const { id, token } = await make(olga);
  const page = await olga.open(`${own}/${id}`);
  for (const verb of ["rotate", "revoke"]) {
    const action = `${own}/${id}/${verb}`;
    const forged = { [csrfFieldName]: "0".repeat(64) };
    assertEquals((await olga.submit(page, action, forged)).status, 403);
    const headers = { origin: "https://evil.test" };
    const foreign = await olga.submit(page, action, {}, headers);
    assertEquals(foreign.status, 403);
    assertEquals((await olga.open(action)).status, 405);
  }
  assertEquals(await works(world, token), 200);
  assertEquals(idsOf(await olga.open(own), own), [id]);
});
