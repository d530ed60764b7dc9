import { decodeProtectedHeader } from "jose";
import * as client from "openid-client";
import * as z from "zod";
import type { AuthContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { permissionsOf } from "../../../core/group_roles.ts";
import type { RemoteSignIn } from "../../../core/sign_in.ts";
import { type Person, readClaim, readPerson } from "./claims.ts";
import { findKnown, findTied } from "./identity.ts";
import type { Issuer } from "./options.ts";
import { Provider } from "./provider.ts";
import { refusal } from "./refusal.ts";

/** What ties the way back to the way there; short names, since it travels in a cookie. */
const memorySchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
});

/**
 * Signing in by browser: the authorization code flow with PKCE (RFC 7636), state
 * and nonce (OpenID Connect Core 1.0, 3.1), and signatures checked though the ID
 * token comes from the provider itself.
 */
export function browserSignIn(
  issuer: Issuer,
  lent: AuthContext<unknown>,
): RemoteSignIn {
  const provider = new Provider(issuer, lent);
  return {
    id: issuer.name,
    label: issuer.label ?? issuer.name,
    begin: async (redirectUri) => {
      const configuration = await provider.discover();
      const memory = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: issuer.scopes.join(" "),
        state: memory.state,
        nonce: memory.nonce,
        code_challenge_method: "S256",
        code_challenge: await client.calculatePKCECodeChallenge(
          memory.verifier,
        ),
      });
      return { url: url.href, memory: JSON.stringify(memory) };
    },
    finish: async (callback, memory) => {
      const configuration = await provider.discover();
      const person = await redeem(configuration, issuer, callback, memory)
        .catch((error) => {
          throw refusal(issuer, error);
        });
      return await bringUpToDate(issuer, person, lent);
    },
  };
}

async function redeem(
  configuration: client.Configuration,
  issuer: Issuer,
  callback: URL,
  memory: string,
): Promise<Person> {
  const { state, nonce, verifier } = memorySchema.parse(JSON.parse(memory));
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const algorithm = decodeProtectedHeader(tokens.id_token ?? "").alg;
  if (
    claims === undefined ||
    !issuer.algorithms.some((allowed) => allowed === algorithm)
  ) {
    throw badCredential(
      `${issuer.issuer} signed its answer in a way that is not allowed here`,
    );
  }
  // Many providers tell the groups at their UserInfo endpoint alone.
  const isWhole = readClaim(claims, issuer.groupsClaim) !== undefined ||
    configuration.serverMetadata().userinfo_endpoint === undefined;
  const more = isWhole ? {} : await client.fetchUserInfo(
    configuration,
    tokens.access_token,
    claims.sub,
  );
  return readPerson({ ...more, ...claims }, claims.sub, issuer);
}

/** What somebody may do follows their groups at each sign-in, also downwards: their sessions and keys go by it. */
async function bringUpToDate(
  issuer: Issuer,
  person: Person,
  lent: AuthContext<unknown>,
): Promise<{ account: number }> {
  const key = { issuer: issuer.issuer, subject: person.subject };
  const { roles, everyone } = issuer;
  if (permissionsOf(person.groups, roles, everyone).length === 0) {
    const tied = await findTied(lent.database, key);
    if (tied !== null) await lent.accounts.setPermissions(tied, []);
  }
  const { account, permissions } = await findKnown(lent, issuer, person);
  if (String(account.permissions) !== String(permissions)) {
    await lent.accounts.setPermissions(account.id, permissions);
  }
  return { account: account.id };
}
