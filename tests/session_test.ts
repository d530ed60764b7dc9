import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { sql } from "../core/database.ts";
import { sessionCookie } from "../http/cookie.ts";
import { csrfFieldName, csrfToken } from "../http/csrf.ts";
import { Browser, type Shown } from "./browser.ts";
import { password, type SsoWorld, startSso, whoami } from "./sso_world.ts";

const hourMs = 3_600_000;

/** Signs alice in with her password, in a browser of her own. */
async function signIn(
  { url }: Pick<SsoWorld, "url">,
  browser = new Browser(),
  returnTo = "/v1/whoami",
): Promise<{ browser: Browser; shown: Shown; cookie: string }> {
  const query = new URLSearchParams({ return_to: returnTo });
  const page = await browser.open(`${url}/login?${query}`);
  const shown = await browser.submit(page, { name: "alice", password });
  return { browser, shown, cookie: browser.cookie(sessionCookie) ?? "" };
}

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
    assertEquals(headers.get("cache-control"), "no-store");
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? "";
    const hash = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(style),
    );
    assertStringIncludes(policy, new Uint8Array(hash).toBase64());
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
      [csrfFieldName]: await csrfToken(form),
    }),
    redirect: "manual",
  });
  await answer.body?.cancel();
  assertEquals([answer.status, answer.headers.get("location")], [
    303,
    "/login",
  ]);
  for (const each of [page, answer]) {
    assert(each.headers.getSetCookie().length > 0);
    assertEquals(each.headers.get("cache-control"), "no-store");
  }
});

Deno.test("a sign-in that another site's page sends is refused", async () => {
  await using world = await startSso();
  const { url } = world;
  const browser = new Browser();
  await browser.open(`${url}/login`);
  const cookie = browser.cookiesFor(new URL(url));
  const token = await csrfToken(browser.cookie("__Host-slipway-form") ?? "");
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
    [{ cookie }, { [csrfFieldName]: await csrfToken("another") }],
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

Deno.test("a session that was planted before the sign-in is worth nothing", async () => {
  await using world = await startSso();
  const browser = new Browser();
  const value = "A".repeat(43);
  browser.jar.set(sessionCookie, {
    name: sessionCookie,
    value,
    path: "/",
    attributes: "",
  });
  const { cookie } = await signIn(world, browser);
  assertMatch(cookie, /^[\w-]{43}$/);
  assertNotEquals(cookie, value);
  assertEquals((await whoami(world.url, value)).status, 401);
});

Deno.test("signing out ends the session, and only our own page's form does it", async () => {
  await using world = await startSso();
  const { url } = world;
  const { browser, cookie } = await signIn(world);
  const send = async (headers: Record<string, string>, token: string) => {
    const response = await fetch(`${url}/logout`, {
      method: "POST",
      headers: { cookie: `${sessionCookie}=${cookie}`, ...headers },
      body: new URLSearchParams({ [csrfFieldName]: token }),
      redirect: "manual",
    });
    await response.body?.cancel();
    return response.status;
  };
  const token = await csrfToken(cookie);
  assertEquals(await send({ origin: url }, ""), 403);
  assertEquals(await send({ origin: url }, "0".repeat(64)), 403);
  assertEquals(await send({ origin: "https://evil.test" }, token), 403);
  assertEquals((await whoami(url, cookie)).status, 200);
  const got = await browser.open(`${url}/logout`);
  assertEquals((await whoami(url, cookie)).status, 200, "a GET ends nothing");
  const out = await browser.submit(got, {});
  assertEquals(out.url.href, `${url}/login`);
  assertEquals(browser.cookie(sessionCookie), undefined);
  const after = await whoami(url, cookie);
  assertEquals(after.status, 401);
  assertStringIncludes(after.detail, "sign in again at /login");
});

Deno.test("a session ends when it is not used, and after a day however much it is", async () => {
  await using world = await startSso();
  const { url } = world;
  const idle = await signIn(world);
  const used = await signIn(world);
  for (let hours = 0; hours < 23; hours++) {
    world.advance(hourMs);
    assertEquals((await whoami(url, used.cookie)).status, 200, `${hours}`);
    if (hours === 6) {
      const listed = await list(url, used.cookie);
      assertEquals(listed.length, 2);
    }
  }
  assertEquals((await list(url, used.cookie)).length, 1);
  assertEquals((await whoami(url, idle.cookie)).status, 401);
  world.advance(hourMs);
  assertEquals((await whoami(url, used.cookie)).status, 401);
  // What is over is forgotten when somebody signs in.
  await signIn(world);
  const rows = await world.test.database.query(
    sql`select 1 from session_session`,
  );
  assertEquals(rows.length, 1);
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
    assertEquals(shown.url.href, `${url}/login`, path);
  }
});

type Listed = {
  id: string;
  isCurrent: boolean;
  userAgent: string;
  expiresAt: string;
};

async function list(url: string, cookie: string): Promise<Listed[]> {
  const response = await fetch(`${url}/v1/sessions`, {
    headers: { cookie: `${sessionCookie}=${cookie}` },
  });
  const { sessions }: { sessions: Listed[] } = await response.json();
  return sessions;
}

Deno.test("people see and end their own sessions, and nobody else's", async () => {
  await using world = await startSso();
  const { url, test } = world;
  const lost = await signIn(world);
  const own = await signIn(world);
  const sessions = await list(url, own.cookie);
  assertEquals(sessions.map(({ isCurrent }) => isCurrent), [true, false]);
  assertEquals(sessions[0]?.userAgent, "Tests/1.0");
  const id = sessions.find(({ isCurrent }) => !isCurrent)?.id ?? "";
  const end = async (headers: Record<string, string>) => {
    const response = await fetch(`${url}/v1/sessions/${id}`, {
      method: "DELETE",
      headers,
    });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await end({}), 401);
  assertEquals(await end(await test.signIn("bob")), 404);
  const cookie = `${sessionCookie}=${own.cookie}`;
  assertEquals(await end({ cookie, origin: "https://evil.test" }), 403);
  assertEquals((await whoami(url, lost.cookie)).status, 200);
  assertEquals(await end({ cookie, origin: url }), 204);
  assertEquals(await end({ cookie, origin: url }), 404);
  assertEquals((await whoami(url, lost.cookie)).status, 401);
  assertEquals((await whoami(url, own.cookie)).status, 200);
});

Deno.test("the cookie counts for our own pages and for links, not for what other sites' pages load", async () => {
  await using world = await startSso();
  const { cookie } = await signIn(world);
  const ask = async (headers: Record<string, string>) =>
    (await whoami(world.url, cookie, headers)).status;
  const link = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  assertEquals(await ask({ "sec-fetch-site": "same-origin" }), 200);
  assertEquals(await ask({ "sec-fetch-site": "none" }), 200);
  assertEquals(await ask({ "sec-fetch-site": "cross-site", ...link }), 200);
  for (const site of ["cross-site", "same-site"]) {
    for (
      const [mode, dest] of [
        ["cors", "empty"],
        ["no-cors", "image"],
        ["no-cors", "script"],
        ["navigate", "iframe"],
        ["websocket", "websocket"],
      ]
    ) {
      const status = await ask({
        "sec-fetch-site": site,
        "sec-fetch-mode": mode ?? "",
        "sec-fetch-dest": dest ?? "",
      });
      assertEquals([site, mode, status], [site, mode, 401]);
    }
  }
  assertEquals(await ask({ origin: "https://evil.test" }), 401);
  const response = await fetch(`${world.url}/v1/whoami`, {
    headers: { cookie: `${sessionCookie}=${cookie}` },
  });
  await response.body?.cancel();
  assertEquals(response.headers.has("access-control-allow-origin"), false);
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

Deno.test("an account keeps its 20 newest sessions", async () => {
  await using world = await startSso();
  const first = await signIn(world);
  for (let count = 0; count < 20; count++) {
    world.advance(1000);
    await signIn(world);
  }
  assertEquals((await whoami(world.url, first.cookie)).status, 401);
  const rows = await world.test.database.query(
    sql`select 1 from session_session`,
  );
  assertEquals(rows.length, 20);
});
