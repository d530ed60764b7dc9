import { assertEquals, assertRejects } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import {
  generateSigningKey,
  type HeldKey,
  importSigningKey,
} from "./signing_key.ts";
import { issueToken } from "./token.ts";
import { createVerify } from "./verify.ts";

const key = await importSigningKey(await generateSigningKey());
const other = await importSigningKey(await generateSigningKey());
const now = () => 1_800_000_000_000;

/** A ring of these keys. */
const holding = (...keys: readonly HeldKey[]) => (kid: string | undefined) =>
  Promise.resolve(keys.find((held) => held.kid === kid) ?? null);

async function makeToken(
  signer = key,
  issuer = "slipway",
  expiresAt: number | null = null,
) {
  const { token } = await issueToken({
    key: signer,
    issuer,
    account: { id: 1, kind: "group", name: "ci-bots" },
    jti: crypto.randomUUID(),
    now: now(),
    expiresAt,
    scopes: null,
    description: "",
  });
  return token;
}

Deno.test("a token's signature is checked once", async () => {
  let asked = 0;
  const findKey = (kid: string | undefined) => {
    asked++;
    return holding(key)(kid);
  };
  const verify = createVerify({ findKey, issuer: "slipway", now });
  const token = await makeToken();
  const first = await verify(token);
  assertEquals(await verify(token), first);
  assertEquals(asked, 1);
});

Deno.test("a remembered token expires on time", async () => {
  const clock = { now: now() };
  const findKey = holding(key);
  const verify = createVerify({
    findKey,
    issuer: "slipway",
    now: () => clock.now,
  });
  const token = await makeToken(key, "slipway", now() + 5000);
  assertEquals((await verify(token)).expiresAt, now() + 5000);
  clock.now += 5000;
  await assertRejects(() => verify(token), ApiError, "expired");
});

Deno.test("a refused token is not remembered as good", async () => {
  const findKey = holding(key);
  const verify = createVerify({ findKey, issuer: "slipway", now });
  const token = await makeToken(other);
  for (let i = 0; i < 2; i++) {
    await assertRejects(() => verify(token), ApiError, "not made by this");
  }
});

Deno.test("every held key counts, under its own kid only", async () => {
  const findKey = holding(key, other);
  const verify = createVerify({ findKey, issuer: "slipway", now });
  assertEquals((await verify(await makeToken(key))).subject, "group:ci-bots");
  assertEquals((await verify(await makeToken(other))).subject, "group:ci-bots");
  const misnamed = await makeToken({ ...other, kid: key.kid });
  await assertRejects(() => verify(misnamed), ApiError);
});

Deno.test("a configured issuer is asked for", async () => {
  const findKey = holding(key);
  const verify = createVerify({ findKey, issuer: "https://ci.test", now });
  const subject = (await verify(await makeToken(key, "https://ci.test")))
    .subject;
  assertEquals(subject, "group:ci-bots");
  const elsewhere = await makeToken();
  await assertRejects(() => verify(elsewhere), ApiError);
});
