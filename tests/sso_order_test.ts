import { assertEquals, assertStringIncludes } from "@std/assert";
import { roles } from "../core/permission.ts";
import bearer from "../plugins/auth/bearer/mod.ts";
import {
  generateSigningKey,
  importSigningKey,
} from "../plugins/auth/bearer/signing_key.ts";
import { defaultIssuer, issueToken } from "../plugins/auth/bearer/token.ts";
import oidc from "../plugins/auth/oidc/mod.ts";
import tokenReview from "../plugins/auth/token_review/mod.ts";
import { startTestApp } from "./app.ts";
import {
  accessClaims,
  audience,
  startOpenIdProvider,
} from "./openid_provider.ts";

/** A server with every reader of bearer tokens, in the order of `slipway.config.ts`. */
async function start() {
  const provider = await startOpenIdProvider();
  const signingKey = await generateSigningKey();
  const test = await startTestApp([], {
    auth: [
      oidc({
        issuers: [{
          name: "corp",
          issuer: provider.issuer,
          audience,
          everyone: "viewer",
        }],
      }),
      // Nothing listens there.
      tokenReview({
        apiServer: "http://127.0.0.1:1",
        token: "own",
        everyone: "viewer",
      }),
      bearer({ signingKey }),
    ],
    fetch: globalThis.fetch,
    now: Date.now,
  });
  const { account } = await test.app.store.accounts.ensure(
    "group",
    "ci-bots",
    roles.trigger,
  );
  const { token, insert } = await issueToken({
    key: await importSigningKey(signingKey),
    issuer: defaultIssuer,
    account,
    jti: crypto.randomUUID(),
    now: Date.now(),
    expiresAt: null,
    scopes: null,
    description: "",
  });
  await test.database.batch([insert]);
  const whoami = async (credential: string) => {
    const response = await test.request("/v1/whoami", {
      headers: { authorization: `Bearer ${credential}` },
    });
    const body: { name: string; detail: string } = await response.json();
    return { status: response.status, ...body };
  };
  return {
    provider,
    own: token,
    whoami,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

Deno.test("Slipway's own tokens work beside the others, also while a provider and a cluster are down", async () => {
  await using world = await start();
  const { provider, own, whoami } = world;
  assertEquals((await whoami(own)).name, "ci-bots");
  const person = await provider.sign(accessClaims(provider, "alice"));
  provider.fail(500);
  assertEquals((await whoami(person)).status, 503);
  assertEquals((await whoami(`sha256~${"a".repeat(43)}`)).status, 503);
  assertEquals((await whoami(own)).name, "ci-bots");
});

Deno.test("a token of nobody that is known here is refused as one that is not of this server", async () => {
  await using world = await start();
  const { provider, whoami } = world;
  const claims = accessClaims(provider, "alice");
  const foreign = await provider.sign({ ...claims, iss: "https://x.test" });
  const { status, detail } = await whoami(foreign);
  assertEquals(status, 401);
  assertStringIncludes(detail, "was not made by this server");
  // Neither does a provider make Slipway's own.
  const forged = await provider.sign(
    { ...claims, iss: "slipway", aud: "slipway", sub: "group:ci-bots" },
    { typ: "slipway-auto+jwt" },
  );
  assertEquals((await whoami(forged)).status, 401);
  assertEquals(provider.asked, []);
});
