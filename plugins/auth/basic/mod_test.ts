import { assertEquals, assertGreater } from "@std/assert";
import { sql } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import { roles } from "../../../core/permission.ts";
import {
  assertRefused,
  type AuthStore,
  openAuthStore,
  testAuth,
} from "../../../tests/conformance/auth.ts";
import basic from "./mod.ts";
import { type Cost, defaultCost, hashPassword, newSalt } from "./password.ts";
import { savePassword } from "./user.ts";

const password = "correct horse: battery stäple";

/** Cheap, for tests that are not about time. */
const lowCost: Cost = { memoryKib: 64, passes: 1, lanes: 1 };

async function seed(
  { accounts, database, clock }: AuthStore,
  cost: Cost = lowCost,
) {
  const { account } = await accounts.ensure("user", "alice", roles.trigger);
  const hash = await hashPassword(password, newSalt(), cost);
  const now = clock.now;
  await database.batch([savePassword({ account, hash, now })]);
  return account;
}

function login(name: string, text: string): Record<string, string> {
  const bytes = new TextEncoder().encode(`${name}:${text}`);
  return { authorization: `Basic ${bytes.toBase64()}` };
}

const requestWith = (headers: Record<string, string>) =>
  new Request("http://slipway.test/", { headers });

testAuth("basic", {
  auth: basic(),
  seed: (store) => seed(store),
  good: { name: "name and password", headers: () => login("alice", password) },
  bad: [
    {
      name: "a wrong password",
      headers: () => login("alice", "correct horse"),
    },
    {
      name: "a password of another case",
      headers: () => login("alice", password.toUpperCase()),
    },
    { name: "an unknown name", headers: () => login("mallory", password) },
    {
      name: "a name of another case",
      headers: () => login("Alice", password),
    },
    { name: "an empty name", headers: () => login("", password) },
    { name: "an empty password", headers: () => login("alice", "") },
    {
      name: "a line break after the password",
      headers: () => login("alice", `${password}\n`),
    },
    {
      name: "a name that tries to be SQL",
      headers: () => login("alice' --", password),
    },
    {
      name: "nothing after Basic",
      headers: () => ({ authorization: "Basic" }),
    },
    {
      name: "text that is not base64",
      headers: () => ({ authorization: `Basic alice:${password.slice(0, 9)}` }),
    },
    {
      name: "base64 without a colon",
      headers: () => ({ authorization: `Basic ${btoa("alice-hunter22")}` }),
    },
    {
      name: "bytes that are not UTF-8",
      headers: () => ({ authorization: `Basic ${btoa("alice:st\xe4ple")}` }),
    },
    {
      name: "a huge header",
      headers: () => login("alice", "x".repeat(20_000)),
    },
  ],
  foreign: [
    {
      name: "the Bearer scheme",
      headers: () => ({ authorization: "Bearer aaaaaaaa.bbbbbbbb.cccccccc" }),
    },
  ],
});

Deno.test("a password typed with decomposed letters is the same password", async () => {
  using store = await openAuthStore(basic());
  await seed(store);
  const headers = login("alice", password.normalize("NFD"));
  const principal = await store.authenticate(requestWith(headers));
  assertEquals(principal?.name, "alice");
});

Deno.test("an unknown name takes as long as a wrong password", async () => {
  using store = await openAuthStore(basic());
  await seed(store, defaultCost);
  const duration = async (name: string) => {
    const started = performance.now();
    await assertRefused(store, login(name, "a wrong guess"));
    return performance.now() - started;
  };
  await duration("alice");
  assertGreater(await duration("mallory"), await duration("alice") / 4);
});

Deno.test("checking a password lets other work go on", async () => {
  using store = await openAuthStore(basic());
  await seed(store, defaultCost);
  let turns = 0;
  const ticker = setInterval(() => turns++, 1);
  await store.authenticate(requestWith(login("alice", password)));
  clearInterval(ticker);
  assertGreater(turns, 5);
});

Deno.test("a flood of sign-ins is refused with 429, and those in line are served", async () => {
  using store = await openAuthStore(basic({ concurrent: 1, waiting: 3 }));
  await seed(store);
  const answers = await Promise.allSettled(
    Array.from(
      { length: 10 },
      () => store.authenticate(requestWith(login("alice", password))),
    ),
  );
  const served = answers.filter(({ status }) => status === "fulfilled");
  assertEquals(served.length, 4);
  for (const answer of answers) {
    if (answer.status === "fulfilled") continue;
    const error: unknown = answer.reason;
    assertEquals(error instanceof ApiError && error.code, "rate_limited");
  }
  const after = await store.authenticate(
    requestWith(login("alice", password)),
  );
  assertEquals(after?.name, "alice");
});

Deno.test("a new password takes the place of the old one", async () => {
  using store = await openAuthStore(basic());
  const account = await seed(store);
  const hash = await hashPassword("another password", newSalt(), lowCost);
  const now = store.clock.now + 1;
  await store.database.batch([savePassword({ account, hash, now })]);
  await assertRefused(store, login("alice", password), "wrong");
  const headers = login("alice", "another password");
  assertEquals(
    (await store.authenticate(requestWith(headers)))?.name,
    "alice",
  );
});

Deno.test("the store keeps a password's hash only", async () => {
  using store = await openAuthStore(basic());
  await seed(store);
  const [row] = await store.database.query(sql`select * from basic_password`);
  assertEquals(JSON.stringify(row).includes("battery"), false);
  assertEquals(String(row?.hash).startsWith("$argon2id$v=19$m=64,"), true);
});
