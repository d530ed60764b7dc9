/**
 * Single sign-on: people whom OpenID providers vouch for, with access tokens
 * or by browser.
 * @module
 */
import { defineAuth } from "../../../core/auth.ts";
import { sql } from "../../../core/database.ts";
import { toHolding } from "../../../core/holding.ts";
import { browserSignIn } from "./browser.ts";
import { findKnown } from "./identity.ts";
import oidc0001 from "./migrations/0001_oidc_identity.sql" with {
  type: "text",
};
import { oidcOptions } from "./options.ts";
import { Provider } from "./provider.ts";
import { claimedIssuer, readJwt, verifyToken } from "./token.ts";

export default defineAuth({
  name: "oidc",
  scheme: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "An access token of a configured OpenID provider",
  },
  challenge: 'Bearer realm="slipway-sso"',
  options: oidcOptions,
  migrations: [{ name: "0001_oidc_identity", sql: oidc0001 }],
  authenticate({ options, ...lent }) {
    const byIssuer = new Map(
      options.issuers.flatMap((issuer) =>
        issuer.audience === undefined ? [] : [[issuer.issuer, {
          issuer,
          audience: issuer.audience,
          provider: new Provider(issuer, lent),
        }]]
      ),
    );
    return async function authenticateOidc(request) {
      if (byIssuer.size === 0) return null;
      const token = readJwt(request.headers.get("authorization"));
      const configured = token === null
        ? undefined
        : byIssuer.get(claimedIssuer(token) ?? "");
      if (token === null || configured === undefined) return null;
      const { issuer, audience, provider } = configured;
      const now = lent.now();
      const person = await verifyToken(token, issuer, audience, provider, now);
      const { account, permissions, id } = await findKnown(
        lent,
        issuer,
        person,
      );
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions,
        limits: account.limits,
        via: "oidc",
        credential: id,
      };
    };
  },
  async holding(account, { database }) {
    const [row] = await database.query(sql`
      select count(*) as count from oidc_identity where account = ${account}`);
    return toHolding("identity of an OpenID provider", row);
  },
  remoteSignIns: ({ options, ...lent }) =>
    options.issuers.filter(({ clientId }) => clientId !== undefined)
      .map((issuer) => browserSignIn(issuer, { ...lent, options: {} })),
});
