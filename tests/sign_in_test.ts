/** Passwords cannot be guessed, and whoever tries shuts nobody else out. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { sql } from "../core/database.ts";
import { parseNetwork } from "../core/address.ts";
import type { AppParts } from "../routes/app.ts";
import { roles } from "../core/permission.ts";
import basic from "../plugins/auth/basic/mod.ts";
import { hashPassword, newSalt } from "../plugins/auth/basic/password.ts";
import { savePassword } from "../plugins/auth/basic/user.ts";
import { startTestApp, type TestApp } from "./app.ts";

const password = "correct horse battery";
const [attacker, home] = ["203.0.113.66", "198.51.100.7"];

async function start(parts: Partial<AppParts> = {}): Promise<TestApp> {
  const test = await startTestApp([], { auth: [basic()], ...parts });
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const hash = await hashPassword(password, newSalt(), cost);
  const many = Array.from({ length: 31 }, (_, at) => `name-${at}`);
  for (const name of ["alice", "bob", ...many]) {
    const { account } = await test.app.store.accounts.ensure(
      "user",
      name,
      roles.viewer,
    );
    await test.database.batch([
      savePassword({ account, hash, now: test.now() }),
    ]);
  }
  return test;
}

async function signIn(
  test: TestApp,
  from: { peer?: string; name?: string; text?: string; forwardedFor?: string },
) {
  const { peer, name = "alice", text = password, forwardedFor } = from;
  const response = await test.request("/v1/whoami", {
    ...peer === undefined ? {} : { peer },
    headers: {
      authorization: `Basic ${btoa(`${name}:${text}`)}`,
      ...forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor },
    },
  });
  const said = await response.text();
  const retryAfter = Number(response.headers.get("retry-after") ?? 0);
  return { status: response.status, said, retryAfter };
}

/** Guesses as fast as it is let, until it was heard so often and has to wait again. */
async function guess(test: TestApp, peer: string | undefined, times: number) {
  for (let heard = 0;;) {
    const where = peer === undefined ? {} : { peer };
    const answer = await signIn(test, { ...where, text: "wrong" });
    if (answer.status === 401) heard++;
    else if (heard >= times) return;
    else test.advance(answer.retryAfter * 1000);
  }
}

Deno.test("after five wrong passwords each further one has to wait, twice as long as the one before, up to five minutes", async () => {
  await using test = await start();
  const waits: number[] = [];
  for (let wrong = 0; wrong < 17; wrong++) {
    const refused = await signIn(test, { peer: attacker, text: "wrong one" });
    assertEquals(refused.status, 401, `guess ${wrong}`);
    const next = await signIn(test, { peer: attacker, text: "wrong two" });
    if (next.status === 401) continue;
    assertEquals(next.status, 429);
    assertMatch(next.said, /try again in \d+ s/);
    waits.push(next.retryAfter);
    // Told to the second: a moment before is too early.
    test.advance(next.retryAfter * 1000 - 1);
    assertEquals(
      (await signIn(test, { peer: attacker, text: "x" })).status,
      429,
    );
    test.advance(1);
  }
  assertEquals(waits.slice(0, 6), [1, 2, 4, 8, 16, 32]);
  assertEquals(Math.max(...waits), 300);
});

Deno.test("the right password does not get past the wait, or the wait would tell which one is right", async () => {
  await using test = await start();
  for (let wrong = 0; wrong < 5; wrong++) {
    await signIn(test, { peer: attacker, text: "wrong" });
  }
  assertEquals((await signIn(test, { peer: attacker })).status, 429);
});

Deno.test("an attacker somewhere else does not lock the real user out", async () => {
  await using test = await start();
  await guess(test, attacker, 40);
  assertEquals((await signIn(test, { peer: home })).status, 200);
  assertEquals((await signIn(test, { peer: attacker })).status, 429);
});

Deno.test("an attacker who is not told apart from the user locks it out for half a minute at the most", async () => {
  await using test = await start();
  await guess(test, undefined, 40);
  const refused = await signIn(test, {});
  assertEquals(refused.status, 429);
  assert(refused.retryAfter <= 30);
  test.advance(30_000);
  assertEquals((await signIn(test, {})).status, 200);
});

Deno.test("the right password makes earlier mistakes forgotten, and so does an hour", async () => {
  await using test = await start();
  for (let turn = 0; turn < 3; turn++) {
    for (let wrong = 0; wrong < 4; wrong++) {
      await signIn(test, { peer: home, text: "wrong" });
    }
    if (turn === 1) test.advance(3_600_001);
    else assertEquals((await signIn(test, { peer: home })).status, 200);
  }
});

Deno.test("one source that tries many names has to wait too, and is forgiven one a minute", async () => {
  await using test = await start();
  for (let at = 0; at < 31; at++) {
    const name = `name-${at}`;
    const { status } = await signIn(test, { peer: attacker, name, text: "x" });
    assertEquals(status, at < 30 ? 401 : 429, name);
  }
  // IPv4 that is mapped into IPv6 is the same client, another one is not.
  const mapped = await signIn(test, { peer: `::ffff:${attacker}`, name: "x" });
  assertEquals(mapped.status, 429);
  assertEquals((await signIn(test, { peer: home, name: "bob" })).status, 200);
  test.advance(1_000);
  assertEquals(
    (await signIn(test, { peer: attacker, name: "bob" })).status,
    200,
  );
});

Deno.test("all addresses of one IPv6 network are one source", async () => {
  await using test = await start();
  for (let at = 0; at < 5; at++) {
    await signIn(test, { peer: `2001:db8:1:2::${at}`, text: "wrong" });
  }
  const other = await signIn(test, { peer: "2001:db8:1:2:ffff::9" });
  assertEquals(other.status, 429);
  assertEquals((await signIn(test, { peer: "2001:db8:1:3::1" })).status, 200);
});

Deno.test("X-Forwarded-For buys no further guesses, except from a proxy that was configured", async () => {
  await using test = await start({
    proxies: ["10.0.0.1"].flatMap((text) => parseNetwork(text) ?? []),
  });
  for (let at = 0; at < 5; at++) {
    await signIn(test, {
      peer: attacker,
      forwardedFor: `192.0.2.${at}`,
      text: "wrong",
    });
    await signIn(test, {
      peer: "10.0.0.1",
      forwardedFor: `192.0.2.${at}, 203.0.113.99`,
      text: "wrong",
    });
  }
  const forged = { peer: attacker, forwardedFor: "192.0.2.77" };
  assertEquals((await signIn(test, forged)).status, 429);
  const proxied = (forwardedFor: string) =>
    signIn(test, { peer: "10.0.0.1", forwardedFor });
  assertEquals((await proxied("192.0.2.77, 203.0.113.99")).status, 429);
  assertEquals((await proxied(home)).status, 200);
});

Deno.test("many guesses at once are no more than one after the other", async () => {
  await using test = await start();
  const answers = await Promise.all(
    Array.from(
      { length: 15 },
      () => signIn(test, { peer: attacker, text: "wrong" }),
    ),
  );
  const heard = answers.filter(({ status }) => status === 401);
  assertEquals(heard.length, 5);
});

Deno.test("a name that nobody has is refused in the same words and waits alike", async () => {
  await using test = await start();
  const tell = async (name: string, peer: string) => {
    const said = [];
    for (let at = 0; at < 7; at++) {
      const answer = await signIn(test, { peer, name, text: "wrong" });
      said.push([answer.status, answer.retryAfter, withoutId(answer.said)]);
    }
    return said;
  };
  assertEquals(await tell("mallory", attacker), await tell("alice", home));
});

Deno.test("servers on one store count together", async () => {
  await using test = await start();
  await using other = await startTestApp([], {
    auth: [basic()],
    database: { ...unclosed(test) },
    now: test.now,
  });
  for (let at = 0; at < 5; at++) {
    await signIn(at % 2 ? test : other, { peer: attacker, text: "wrong" });
  }
  assertEquals((await signIn(test, { peer: attacker })).status, 429);
  assertEquals((await signIn(other, { peer: attacker })).status, 429);
});

Deno.test("the store keeps neither names that were tried nor addresses, and forgets within an hour", async () => {
  await using test = await start();
  const typed = "my-password-in-the-wrong-box";
  await signIn(test, { peer: attacker, name: typed, text: "x" });
  const rows = () => test.database.query(sql`select * from failed_sign_in`);
  assertEquals((await rows()).length, 2);
  assert(!JSON.stringify(await rows()).includes(typed));
  assert(!JSON.stringify(await rows()).includes(attacker));
  test.advance(3_600_001);
  await signIn(test, { peer: home, text: "wrong" });
  assertEquals((await rows()).length, 2);
});

function unclosed({ database }: TestApp): TestApp["database"] {
  return {
    query: (statement) => database.query(statement),
    batch: (statements) => database.batch(statements),
    close: () => {},
  };
}

function withoutId(text: string): string {
  return text.replace(/"requestId":"[^"]*"/, "");
}
