import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sql } from "../core/database.ts";
import { sessionCookie } from "../http/cookie.ts";
import { csrfFieldName, csrfToken } from "../http/csrf.ts";
import { Browser } from "./browser.ts";
import {
  password,
  signInWithPassword as signIn,
  startSso,
} from "./sso_world.ts";

Deno.test("a user signs in with name and password where no provider is configured", async () => {
  await using world = await startSso();
  const { shown, browser } = await signIn(world);
  assertEquals(JSON.parse(shown.text).id, "user:alice");
  const page = await browser.open(`${world.url}/login`);
  assertStringIncludes(page.text, "You are signed in as");
  assertEquals(page.text.includes("/login/start"), false);
});

Deno.test("a wrong password is said on the page, and the browser asks for none itself", async () => {
  await using world = await startSso();
  const browser = new Browser();
  const page = await browser.open(`${world.url}/login`);
  const attempts = [
    { name: "alice", password: "wrong password" },
    { name: `"><script>alert(1)</script>`, password },
    { name: "alice:x", password },
    { name: "", password: "" },
  ];
  for (const attempt of attempts) {
    const shown = await browser.submit(page, attempt);
    assertEquals(shown.status, 401, shown.text);
    assertStringIncludes(shown.text, 'role="alert">Cannot sign in: ');
    assertEquals(
      shown.headers.get("www-authenticate"),
      'Session realm="slipway"',
    );
    assertEquals(shown.text.includes("<script"), false);
    assertEquals(shown.text.includes(password), false);
    assertEquals(browser.cookie(sessionCookie), undefined);
  }
});

Deno.test("a wrong password on the page is audited once, as one that a program sends is", async () => {
  await using world = await startSso();
  const browser = new Browser();
  const page = await browser.open(`${world.url}/login`);
  await browser.submit(page, { name: "alice", password: "wrong password" });
  await browser.submit(page, { name: "nobody", password: "wrong password" });
  const lines = await world.test.app.store.audit.list({ limit: 10 });
  assertEquals(
    lines.map(({ principal, via, action, outcome }) =>
      [principal, via, action, outcome].join(" ")
    ),
    ["user:alice basic sessions:create unauthenticated"],
  );
});

Deno.test("pages run and load nothing, are framed by nobody and kept by nobody", async () => {
  await using world = await startSso();
  const { browser } = await signIn(world);
  const pages = [
    await new Browser().open(`${world.url}/login`),
    await browser.open(`${world.url}/login`),
    await browser.open(`${world.url}/logout`),
    await browser.open(`${world.url}/login/callback`),
  ];
  for (const { headers, text } of pages) {
    const policy = headers.get("content-security-policy") ?? "";
    assertStringIncludes(policy, "default-src 'none'");
    assertStringIncludes(policy, "frame-ancestors 'none'");
    assertEquals(policy.includes("unsafe"), false);
    assertStringIncludes(policy, "form-action 'self'");
    assertEquals(headers.get("cache-control"), "private, no-store");
    assertEquals(/<style/.test(text), false);
    assertEquals(/<script|\son\w+=|style="/.test(text), false);
  }
});

Deno.test("every answer that sets a cookie is kept by nobody", async () => {
  await using world = await startSso();
  const { url } = world;
  const page = await fetch(`${url}/login`);
  const form = /__Host-slipway-form=([^;]+)/.exec(
    page.headers.get("set-cookie") ?? "",
  )?.[1] ?? "";
  await page.body?.cancel();
  const answer = await fetch(`${url}/login`, {
    method: "POST",
    headers: { cookie: `__Host-slipway-form=${form}` },
    body: new URLSearchParams({
      name: "alice",
      password,
      [csrfFieldName]: csrfToken(form),
    }),
    redirect: "manual",
  });
  await answer.body?.cancel();
  assertEquals([answer.status, answer.headers.get("location")], [
    303,
    "/",
  ]);
  for (const each of [page, answer]) {
    assert(each.headers.getSetCookie().length > 0);
    assertEquals(each.headers.get("cache-control"), "private, no-store");
  }
});

Deno.test("a sign-in that another site's page sends is refused", async () => {
  await using world = await startSso();
  const { url } = world;
  const browser = new Browser();
  await browser.open(`${url}/login`);
  const cookie = browser.cookiesFor(new URL(url));
  const token = csrfToken(browser.cookie("__Host-slipway-form") ?? "");
  const send = async (
    headers: Record<string, string>,
    fields: Record<string, string>,
  ) => {
    const response = await fetch(`${url}/login`, {
      method: "POST",
      headers,
      body: new URLSearchParams({ name: "alice", password, ...fields }),
      redirect: "manual",
    });
    const text = await response.text();
    assertEquals(text.includes(sessionCookie), false);
    assertEquals(
      response.headers.getSetCookie().filter((line) =>
        line.startsWith(`${sessionCookie}=`)
      ),
      [],
    );
    return [response.status, text];
  };
  const good = { [csrfFieldName]: token };
  const cases: readonly (readonly [
    Record<string, string>,
    Record<string, string>,
  ])[] = [
    [{}, {}],
    [{}, good],
    [{ cookie }, {}],
    [{ cookie }, { [csrfFieldName]: csrfToken("another") }],
    [{ cookie, origin: "https://evil.test" }, good],
    [{ cookie, origin: "null" }, good],
    [{ cookie, "sec-fetch-site": "cross-site" }, good],
    [{ cookie, "sec-fetch-site": "same-site" }, good],
  ];
  for (const [headers, fields] of cases) {
    const [status, text] = await send(headers, fields);
    assertEquals([status, headers, fields], [403, headers, fields]);
    assertStringIncludes(String(text), "Cannot ");
  }
  assertEquals(
    await world.test.database.query(sql`select 1 from session_session`),
    [],
  );
});

Deno.test("after signing in one is where one wanted to go, on this server alone", async () => {
  await using world = await startSso();
  const { url } = world;
  const good = ["/v1/whoami", "/v1/runs?limit=1", "/v1/runs?state=a%2Fb#x"];
  for (const path of good) {
    const { shown } = await signIn(world, new Browser(), path);
    assertEquals(shown.url.href, `${url}${path}`);
  }
  const evil = [
    "https://evil.test/",
    "//evil.test/",
    "///evil.test",
    "/\\evil.test",
    "/%5cevil.test/../\\evil.test",
    "\t//evil.test",
    "/\t/evil.test",
    "/\r\nset-cookie: x=y",
    "javascript:alert(1)",
    "/..//evil.test",
    "/.//evil.test",
    "@evil.test",
    "evil.test",
    "/logout",
    "/login/start?with=corp",
    `/${"a".repeat(3000)}`,
    "",
  ];
  for (const path of evil) {
    const { shown } = await signIn(world, new Browser(), path);
    assertEquals(shown.url.href, `${url}/`, path);
  }
});

Deno.test("over plain http nobody signs in but on the machine itself", async () => {
  await using world = await startSso();
  const app = world.test.app;
  const send = (origin: string) =>
    app.fetch(
      new Request(`${origin}/login`, {
        method: "POST",
        body: new URLSearchParams({ name: "alice", password }),
      }),
    );
  const refused = await send("http://ci.example.org");
  assertEquals(refused.status, 403);
  assertStringIncludes(await refused.text(), "SLIPWAY_URL");
  for (const origin of ["https://ci.example.org", "http://localhost:8000"]) {
    assertStringIncludes(await (await send(origin)).text(), "no cookie");
  }
});
