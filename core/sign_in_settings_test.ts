import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readSettings } from "./settings.ts";

Deno.test("without its variables there is no single sign-on", () => {
  const { oidc, cluster } = readSettings({});
  assertEquals([oidc, cluster], [undefined, undefined]);
});

Deno.test("variables stand for a provider and a cluster", () => {
  const { oidc, cluster } = readSettings({
    SLIPWAY_OIDC_ISSUER: "https://login.example.org",
    SLIPWAY_OIDC_CLIENT_ID: "slipway",
    SLIPWAY_OIDC_SCOPES: "openid profile groups",
    SLIPWAY_OIDC_ROLES: '{"ci-admins": "admin", "*": ["*:read"]}',
    SLIPWAY_CLUSTER_URL: "https://api.example.org:6443",
    SLIPWAY_CLUSTER_TOKEN: "own-token",
    SLIPWAY_CLUSTER_ROLES: '{"cn=ci,ou=groups": "trigger"}',
  });
  assertEquals([oidc?.name, oidc?.clientId], ["sso", "slipway"]);
  assertEquals(oidc?.scopes, ["openid", "profile", "groups"]);
  assertEquals(oidc?.roles, { "ci-admins": ["*:*"] });
  assertEquals(oidc?.everyone, ["*:read"]);
  assertEquals(cluster?.everyone, undefined);
  assertEquals(Object.keys(cluster?.roles ?? {}), ["cn=ci,ou=groups"]);
});

Deno.test("what is faulty or missing is named, and no secret repeated", () => {
  const faultOf = (env: Record<string, string>) =>
    assertThrows(() => readSettings(env), TypeError).message;
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ SLIPWAY_OIDC_CLIENT_ID: "x" }, "SLIPWAY_OIDC_ISSUER: expected a value"],
    [{ SLIPWAY_OIDC_ISSUER: "https://x.test" }, "SLIPWAY_OIDC_ROLES: expected"],
    [{ SLIPWAY_OIDC_ROLES: "admins=admin" }, "expected JSON such as"],
    [{ SLIPWAY_OIDC_ROLES: '["admins"]' }, "expected JSON such as"],
    [{ SLIPWAY_OIDC_ROLES: '{"x": "root"}' }, "x: expected a role"],
    [{ SLIPWAY_CLUSTER_TOKEN: "s3cret" }, "SLIPWAY_CLUSTER_URL: expected"],
  ];
  for (const [env, saying] of cases) {
    assertStringIncludes(faultOf(env), saying);
    assertEquals(faultOf(env).includes("s3cret"), false);
  }
});
