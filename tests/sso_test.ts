import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { sql } from "../core/database.ts";
import { sessionCookie } from "../http/cookie.ts";
import { Browser } from "./browser.ts";
import {
  signInAtProvider,
  startSsoWithProvider,
  walkToCallback,
  whoami,
} from "./sso_world.ts";

const tripCookie = "__Host-slipway-trip";

Deno.test("a browser signs in at an OpenID provider and is somebody from then on", async () => {
  await using world = await startSsoWithProvider();
  const { url, provider } = world;
  const browser = new Browser();
  const shown = await signInAtProvider(browser, url, "alice");
  assertEquals(shown.url.href, `${url}/v1/whoami`, shown.text);
  const { id, via, permissions } = JSON.parse(shown.text);
  assertEquals([id, via], ["user:corp.alice", "session"]);
  assertEquals(permissions, ["*:read", "*:create", "*:cancel"]);
  const cookie = browser.jar.get(sessionCookie);
  assertMatch(cookie?.value ?? "", /^[\w-]{43}$/);
  for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) {
    assertStringIncludes(cookie?.attributes ?? "", attribute);
  }
  assertEquals(cookie?.attributes.includes("Domain"), false);
  assertEquals(browser.cookie(tripCookie), undefined);
  const asked = new URL(
    browser.visited.find((each) =>
      each.startsWith(`${provider.issuer}/auth`)
    ) ??
      "",
  );
  assertEquals(asked.searchParams.get("code_challenge_method"), "S256");
  const rows = await world.test.database.query(
    sql`select * from session_session`,
  );
  assertEquals(rows.length, 1);
  assert(!JSON.stringify(rows).includes(cookie?.value ?? "-"));
});

Deno.test("what comes back is worth nothing elsewhere, twice, or changed", async () => {
  await using world = await startSsoWithProvider();
  const { url } = world;
  const browser = new Browser();
  const callback = await walkToCallback(browser, url, "alice");
  const trip = browser.jar.get(tripCookie);
  assert(trip);

  const refuse = async (who: Browser, at: URL, saying: string) => {
    const shown = await who.open(at);
    assertEquals([shown.status, who.cookie(sessionCookie)], [401, undefined]);
    assertStringIncludes(shown.text, saying);
    assertEquals(
      shown.headers.get("www-authenticate"),
      'Session realm="slipway"',
    );
    assertEquals(who.cookie(tripCookie), undefined);
  };
  await refuse(new Browser(), callback, "has not begun to sign in");

  const otherState = new URL(callback);
  otherState.searchParams.set("state", "another");
  const withTrip = (value: string) => {
    const other = new Browser();
    other.jar.set(tripCookie, { ...trip, value });
    return other;
  };
  await refuse(withTrip(trip.value), otherState, "does not belong");
  const noState = new URL(callback);
  noState.searchParams.delete("state");
  await refuse(withTrip(trip.value), noState, "does not belong");
  await refuse(withTrip("bm90IGpzb24"), callback, "has not begun");
  const denied = new URL(callback);
  denied.searchParams.delete("code");
  denied.searchParams.set("error", "access_denied");
  await refuse(withTrip(trip.value), denied, "did not let you in");

  const good = await browser.open(callback);
  assertEquals(good.status, 200, good.text);
  await refuse(withTrip(trip.value), callback, "has been used before");
});

/** The trip's cookie with something in its memory changed. */
function tampered(value: string, change: Record<string, string>): string {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const trip = JSON.parse(
    text(Uint8Array.fromBase64(value, { alphabet: "base64url" })),
  );
  const memory = { ...JSON.parse(trip.memory), ...change };
  return new TextEncoder().encode(
    JSON.stringify({ ...trip, memory: JSON.stringify(memory) }),
  ).toBase64({ alphabet: "base64url", omitPadding: true });
}

Deno.test("a sign-in with another nonce or another PKCE verifier fails", async () => {
  await using world = await startSsoWithProvider();
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ nonce: "another" }, "does not belong"],
    [{ verifier: "v".repeat(43) }, "has been used before or is too old"],
  ];
  for (const [change, saying] of cases) {
    const browser = new Browser();
    const callback = await walkToCallback(browser, world.url, "alice");
    const trip = browser.jar.get(tripCookie);
    assert(trip);
    const value = tampered(trip.value, change);
    browser.jar.set(tripCookie, { ...trip, value });
    const shown = await browser.open(callback);
    assertEquals(shown.status, 401);
    assertStringIncludes(shown.text, saying);
    assertEquals(browser.cookie(sessionCookie), undefined);
  }
});

Deno.test("a session that was there before signing in is nobody's afterwards", async () => {
  await using world = await startSsoWithProvider();
  const { url } = world;
  const browser = new Browser();
  await signInAtProvider(browser, url, "alice");
  const first = browser.cookie(sessionCookie);
  const out = await browser.submit(await browser.open(`${url}/logout`), {});
  assertEquals(out.url.href, `${url}/login`, out.text);
  const planted = { name: sessionCookie, path: "/", attributes: "" };
  browser.jar.set(sessionCookie, { ...planted, value: first ?? "" });
  await signInAtProvider(browser, url, "alice");
  const second = browser.cookie(sessionCookie);
  assertNotEquals(second, first);
  assertEquals((await whoami(url, first)).status, 401);
  assertEquals((await whoami(url, second)).status, 200);
  // Signing in anew ends the session that the browser had.
  await signInAtProvider(browser, url, "alice");
  assertEquals((await whoami(url, second)).status, 401);
});

Deno.test("a group that was taken away takes its permissions along at the next sign-in", async () => {
  await using world = await startSsoWithProvider();
  const { url, provider } = world;
  provider.groups.set("alice", ["admins"]);
  const old = new Browser();
  await signInAtProvider(old, url, "alice");
  assertEquals((await whoami(url, old.cookie(sessionCookie))).permissions, [
    "*:*",
  ]);
  provider.groups.set("alice", ["developers"]);
  const later = new Browser();
  await signInAtProvider(later, url, "alice");
  const lesser = ["*:read", "*:create", "*:cancel"];
  for (const browser of [old, later]) {
    const { permissions } = await whoami(url, browser.cookie(sessionCookie));
    assertEquals(permissions, lesser);
  }
  provider.groups.set("alice", []);
  const last = new Browser();
  const shown = await signInAtProvider(last, url, "alice");
  assertEquals([shown.status, last.cookie(sessionCookie)], [403, undefined]);
  assertStringIncludes(shown.text, "only members of some groups");
  const left = await whoami(url, old.cookie(sessionCookie));
  assertEquals([left.status, left.permissions], [200, []]);
});

Deno.test("a provider that is down is said so, and keeps nobody else from signing in", async () => {
  await using world = await startSsoWithProvider();
  const { url, provider, test } = world;
  provider.fail(503);
  const browser = new Browser();
  const shown = await browser.open(`${url}/login/start?with=corp`);
  assertEquals(shown.status, 503);
  assertStringIncludes(
    shown.text,
    "does not answer as an OpenID provider does",
  );
  assertEquals(browser.cookie(tripCookie), undefined);
  const own = await test.request("/v1/whoami", { user: "bob" });
  await own.body?.cancel();
  assertEquals(own.status, 200);
  // It comes back while somebody waits.
  provider.fail(null);
  world.advance(31_000);
  const callback = await walkToCallback(browser, url, "alice");
  provider.fail(500);
  const half = await browser.open(callback);
  assertEquals([half.status, browser.cookie(sessionCookie)], [503, undefined]);
});

Deno.test("a provider that does not know Slipway's secret is the operator's to mend", async () => {
  const logged: string[] = [];
  await using world = await startSsoWithProvider({
    clientSecret: "another secret than the provider has",
    log: (...line) => logged.push(JSON.stringify(line)),
  });
  const browser = new Browser();
  const shown = await signInAtProvider(browser, world.url, "alice");
  assertEquals([shown.status, browser.cookie(sessionCookie)], [503, undefined]);
  assertStringIncludes(shown.text, "tell its operator");
  assertStringIncludes(logged.join(), "invalid_client");
  assertEquals(logged.join().includes("another secret"), false);
});

Deno.test("a provider that is not configured is not found", async () => {
  await using world = await startSsoWithProvider();
  const shown = await new Browser().open(`${world.url}/login/start?with=evil`);
  assertEquals(shown.status, 404);
  assertStringIncludes(shown.text, "no such provider");
});
