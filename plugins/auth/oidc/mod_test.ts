import { assertEquals, assertStringIncludes } from "@std/assert";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { testAuth } from "../../../tests/conformance/auth.ts";
import oidc from "./mod.ts";

const issuer = "https://login.example.org";
const audience = "https://ci.example.org";
const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwk = { ...await exportJWK(publicKey), kid: "k1", alg: "ES256" };

/** What the issuer publishes. Its own conversation is tested with a real provider, in token_test.ts. */
const published: Readonly<Record<string, unknown>> = {
  [`${issuer}/.well-known/openid-configuration`]: {
    issuer,
    jwks_uri: `${issuer}/jwks`,
  },
  [`${issuer}/jwks`]: { keys: [jwk] },
};

const fetch: typeof globalThis.fetch = (input) => {
  const body = published[String(input)];
  return Promise.resolve(
    body === undefined
      ? new Response(null, { status: 404 })
      : Response.json(body),
  );
};

type Seeded = Readonly<
  Record<"good" | "foreign" | "expired" | "other", string>
>;

testAuth<Seeded>("oidc", {
  auth: oidc({
    issuers: [{ name: "corp", issuer, audience, everyone: "trigger" }],
  }),
  fetch,
  isKeptElsewhere: true,
  seed: async ({ clock }) => {
    const sign = (claims: Record<string, unknown>) =>
      new SignJWT({
        iss: issuer,
        aud: audience,
        sub: "248289761001",
        preferred_username: "alice",
        exp: clock.now / 1000 + 300,
        ...claims,
      }).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(privateKey);
    return {
      good: await sign({}),
      foreign: await sign({ iss: "https://login.example.com" }),
      expired: await sign({ exp: clock.now / 1000 - 60 }),
      other: await sign({ aud: "https://other.example.org" }),
    };
  },
  good: {
    name: "an access token",
    headers: ({ good }) => ({ authorization: `Bearer ${good}` }),
  },
  bad: [
    {
      name: "an expired token",
      headers: ({ expired }) => ({ authorization: `Bearer ${expired}` }),
    },
    {
      name: "a token for another server",
      headers: ({ other }) => ({ authorization: `Bearer ${other}` }),
    },
    {
      name: "a token without its signature",
      headers: ({ good }) => ({
        authorization: `Bearer ${good.slice(0, good.lastIndexOf(".") + 1)}`,
      }),
    },
    {
      name: "a token with another's signature",
      headers: ({ good, other }) => ({
        authorization: `Bearer ${good.slice(0, good.lastIndexOf("."))}${
          other.slice(other.lastIndexOf("."))
        }`,
      }),
    },
  ],
  foreign: [
    {
      name: "a token of an issuer that is not configured",
      headers: ({ foreign }) => ({ authorization: `Bearer ${foreign}` }),
    },
    {
      name: "text that is no token",
      headers: () => ({ authorization: "Bearer a.b.c" }),
    },
    {
      name: "name and password",
      headers: () => ({ authorization: "Basic YWxpY2U6aHVudGVyMjI=" }),
    },
  ],
});

Deno.test("faulty options are named", () => {
  const faultsOf = (options: Record<string, unknown>) =>
    oidc({
      issuers: [{
        name: "corp",
        issuer,
        audience,
        everyone: "viewer",
        ...options,
      }],
    }).faults.join("; ");
  assertEquals(faultsOf({}), "");
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ name: "Corp.1" }, "a-z, 0-9 and '-'"],
    [{ issuer: "http://login.example.org" }, "https"],
    [{ issuer: "https://login.example.org/?x=1" }, "without user name, query"],
    [{ audience: undefined }, "expected an audience"],
    [{ clientId: audience }, "what ID tokens are for"],
    [{ everyone: undefined }, "nobody could do anything"],
    [{ everyone: "root" }, "expected a role (viewer, trigger"],
    [{ roles: { devs: ["everything"] } }, "expected a role"],
    [{ algorithms: ["HS256"] }, "algorithms"],
    [{ audiance: "x" }, "audiance"],
  ];
  for (const [options, saying] of cases) {
    assertStringIncludes(faultsOf(options), saying);
  }
  const one = { name: "corp", issuer, audience, everyone: "viewer" } as const;
  const twice = oidc({ issuers: [one, { ...one, name: "b" }] }).faults;
  assertStringIncludes(twice.join("; "), "is there twice");
});
