import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { sql } from "../core/database.ts";
import { sessionCookie } from "../http/cookie.ts";
import basic from "../plugins/auth/basic/mod.ts";
import session from "../plugins/auth/session/mod.ts";
import autopkgtest from "../plugins/backends/autopkgtest/mod.ts";
import { startTestApp } from "./app.ts";
import { csrfFieldName, csrfToken } from "../http/csrf.ts";
import { Browser } from "./browser.ts";
import { signInWithPassword as signIn, startSso, whoami } from "./sso_world.ts";

const hourMs = 3_600_000;

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
  const token = csrfToken(cookie);
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
  const audited = await world.test.database.query(sql`
    select principal, action, outcome from audit order by id`);
  assertEquals(audited.map((line) => Object.values(line)), [
    ["user:alice", "sessions:create", "done"],
    ["user:alice", "sessions:end", "done"],
  ]);
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

Deno.test("a browser whose session is over reads what is public, like anybody", async () => {
  await using test = await startTestApp([autopkgtest()], {
    auth: [session({}), basic()],
  });
  const read = (headers: Record<string, string>, path: string) =>
    test.request(path, { headers }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    });
  const cookie = `${sessionCookie}=${"A".repeat(43)}`;
  const open = "/data/status/unstable/amd64/packages.json";
  assertEquals(await read({}, open), 200);
  assertEquals(await read({ cookie }, open), 200);
  assertEquals(await read({ cookie }, "/v1/whoami"), 401);
  const authorization = `Basic ${btoa("alice:wrong")}`;
  assertEquals(await read({ cookie, authorization }, open), 403);
});

Deno.test("a session of a disabled user is refused from the next request on, and audited", async () => {
  await using world = await startSso();
  const { url, test } = world;
  const { cookie } = await signIn(world);
  assertEquals((await whoami(url, cookie)).status, 200);
  const { accounts, audit } = test.app.store;
  const alice = await accounts.findByName("user", "alice");
  await accounts.disable(alice?.id ?? 0, true);
  assertEquals((await whoami(url, cookie)).status, 401);
  const [line] = await audit.list({ limit: 1 });
  assertEquals(
    [line?.principal, line?.via, line?.outcome],
    ["user:alice", "session", "unauthenticated"],
  );
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
