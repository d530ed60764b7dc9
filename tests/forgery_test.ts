import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { startTestApp } from "./app.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const base64url = (bytes: Uint8Array) =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });

const part = (fields: unknown) => base64url(utf8(JSON.stringify(fields)));

/** Tokens that an attacker makes with a key of their own, or with none. */
async function forgeries(kid: string): Promise<string[]> {
  const own = await importSigningKey(await generateSigningKey());
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "slipway",
    aud: "slipway",
    sub: "group:bots",
    jti: crypto.randomUUID(),
    iat: now,
  };
  const url = "http://127.0.0.1:9/jwks.json";
  const { publicJwk } = own;
  const headers: Record<string, unknown>[] = [
    { alg: "none", kid },
    { alg: "nOnE", kid },
    { alg: "HS256", kid },
    { alg: "ES256", kid },
    { alg: "EdDSA", kid },
    { alg: "EdDSA", kid: own.kid },
    { alg: "EdDSA", kid: own.kid, jwk: publicJwk },
    { alg: "EdDSA", kid: own.kid, jku: url },
    { alg: "EdDSA", kid: own.kid, x5u: url },
    { alg: "EdDSA", kid: "../../../dev/null" },
    { alg: "EdDSA", kid: "' or 1=1 --" },
    { alg: "EdDSA", kid, typ: "JWT" },
  ];
  const made = [];
  for (const header of headers) {
    const text = `${part({ typ: "slipway-auto+jwt", ...header })}.${
      part(claims)
    }`;
    const signature = await crypto.subtle.sign(
      "Ed25519",
      own.privateKey,
      utf8(text),
    );
    made.push(
      `${text}.${base64url(new Uint8Array(signature))}`,
      `${text}.${base64url(new Uint8Array(64))}`,
      `${text}.`,
    );
  }
  return made;
}

const refusalSchema = z.looseObject({ requestId: z.string() });

Deno.test("every forgery gets the same answer, at once, and nobody is asked for a key", async () => {
  const signingKey = await generateSigningKey();
  let asked = 0;
  await using test = await startTestApp([], {
    auth: [bearer({ signingKey })],
    now: Date.now,
    fetch: () => {
      asked++;
      return Promise.reject(new TypeError("Cannot fetch"));
    },
  });
  const { kid } = await importSigningKey(signingKey);
  const answers = new Set<string>();
  let slowestMs = 0;
  for (const token of await forgeries(kid)) {
    const startedAt = performance.now();
    const response = await test.request("/v1/whoami", {
      headers: { authorization: `Bearer ${token}` },
    });
    const { requestId: _, ...body } = refusalSchema.parse(
      await response.json(),
    );
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    const headers = [...response.headers].filter(([name]) =>
      name !== "x-request-id"
    );
    answers.add(JSON.stringify([response.status, headers, body]));
    for (const piece of token.split(".").filter((each) => each !== "")) {
      assert(!JSON.stringify(body).includes(piece));
    }
  }
  assertEquals(answers.size, 1, [...answers].join("\n"));
  assert([...answers][0]?.startsWith("[401,"));
  assertEquals(asked, 0);
  assert(slowestMs < 1000, `${slowestMs} ms`);
});
