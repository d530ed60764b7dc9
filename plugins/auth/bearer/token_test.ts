import { assertEquals } from "@std/assert";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { sha256Hex } from "../../../core/id.ts";
import { generateSigningKey, importSigningKey } from "./signing_key.ts";
import { issueToken } from "./token.ts";

const key = await importSigningKey(await generateSigningKey());

const request = {
  key,
  issuer: "slipway",
  account: { id: 7, kind: "group", name: "ci-bots" },
  jti: "0198c0de-0000-7000-8000-000000000001",
  now: 1_800_000_000_999,
  expiresAt: null,
  scopes: null,
  description: "nightly",
} as const;

Deno.test("a permanent token says who and what it is, and nothing else", async () => {
  const { token, insert } = await issueToken(request);
  assertEquals(decodeProtectedHeader(token), {
    alg: "EdDSA",
    typ: "slipway-auto+jwt",
    kid: key.kid,
  });
  assertEquals(decodeJwt(token), {
    iss: "slipway",
    aud: "slipway",
    sub: "group:ci-bots",
    jti: request.jti,
    iat: 1_800_000_000,
  });
  assertEquals(insert.values, [
    request.jti,
    7,
    await sha256Hex(token),
    null,
    "nightly",
    request.now,
    null,
    key.kid,
    null,
    null,
  ]);
});

Deno.test("an expiring, narrowed token says so", async () => {
  const { token } = await issueToken({
    ...request,
    expiresAt: 1_800_000_060_000,
    scopes: ["runs:read", "tests:*"],
  });
  const { exp, scope } = decodeJwt(token);
  assertEquals([exp, scope], [1_800_000_060, "runs:read tests:*"]);
});

Deno.test("a token of the empty scope differs from one without scope", async () => {
  const { token } = await issueToken({ ...request, scopes: [] });
  assertEquals(decodeJwt(token).scope, "");
});
