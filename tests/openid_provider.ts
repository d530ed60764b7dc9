/**
 * A real OpenID provider for tests: `oidc-provider` on a free port.
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import Provider from "oidc-provider";

/** `aud` of the access tokens that it makes for Slipway. */
export const audience = "https://slipway.test/api";

/** Slipway's client there. */
export const clientId = "slipway-web";
export const clientSecret = "a-client-secret-of-the-tests-0123456789";

/** A provider that runs until it is disposed of. */
export type OpenIdProvider = AsyncDisposable & {
  readonly issuer: string;
  /** Groups by person; change them as an administrator there would. */
  readonly groups: Map<string, string[]>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** From now on it answers nothing but this status; null: as it should. */
  fail(status: number | null): void;
  /** Signs with a new key from now on; the old one is published no more. */
  rotateKeys(): Promise<void>;
  /** An access token that the client of a machine gets at the token endpoint. */
  machineToken(): Promise<string>;
  /** A JWT signed with the provider's own key, for what it would not sign by itself. */
  sign(
    claims: Record<string, unknown>,
    header?: { readonly alg?: string; readonly typ?: string; kid?: string },
  ): Promise<string>;
};

/** What the provider's access tokens for Slipway say of somebody, as of now. */
export function accessClaims(
  provider: OpenIdProvider,
  subject: string,
  nowMs = Date.now(),
): Record<string, unknown> {
  const now = Math.floor(nowMs / 1000);
  return {
    iss: provider.issuer,
    aud: audience,
    sub: subject,
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
    client_id: "cli",
    preferred_username: subject,
    groups: provider.groups.get(subject) ?? [],
  };
}

/** Starts a provider whose client may send browsers back to these URLs. */
export async function startOpenIdProvider(
  redirectUris: readonly string[] = [],
): Promise<OpenIdProvider> {
  const groups = new Map([["alice", ["developers"]]]);
  const asked: string[] = [];
  let status: number | null = null;
  let key = await newKey();
  let handle: ((request: unknown, response: unknown) => void) | undefined;
  const server = createServer((request, response) => {
    asked.push((request.url ?? "").split("?")[0] ?? "");
    if (status !== null) response.writeHead(status).end("out of order");
    else handle?.(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("port");
  const issuer = `http://127.0.0.1:${address.port}`;
  const open = () => {
    handle = new Provider(issuer, configuration(key, groups, redirectUris))
      .callback();
  };
  open();
  return {
    issuer,
    groups,
    asked,
    fail: (to) => {
      status = to;
    },
    rotateKeys: async () => {
      key = await newKey();
      open();
    },
    machineToken: () => askForMachineToken(issuer),
    sign: async (claims, header = {}) =>
      await new SignJWT(claims)
        .setProtectedHeader({
          alg: "ES256",
          typ: "at+jwt",
          kid: key.kid ?? "",
          ...header,
        })
        .sign(await importJWK(key, "ES256")),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: crypto.randomUUID(), alg: "ES256", use: "sig" };
}

function configuration(
  key: JWK,
  groups: ReadonlyMap<string, string[]>,
  redirectUris: readonly string[],
) {
  const es256 = { id_token_signed_response_alg: "ES256" };
  return {
    jwks: { keys: [key] },
    cookies: { keys: ["a cookie key of the tests"] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris.length > 0
          ? redirectUris
          : ["https://slipway.test/login/callback"],
        ...es256,
      },
      {
        client_id: "machine",
        client_secret: clientSecret,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        ...es256,
      },
    ],
    pkce: { required: () => true },
    claims: {
      openid: ["sub"],
      profile: ["preferred_username", "groups"],
    },
    findAccount: (_ctx: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({
        sub,
        preferred_username: sub,
        groups: groups.get(sub) ?? [],
      }),
    }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "",
          audience,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
    extraTokenClaims: () => ({ groups: ["robots"] }),
    // How long sign-ins last there is not what is tested; set, lest it warns.
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      ClientCredentials: 300,
      Grant: 600,
      IdToken: 300,
      Interaction: 600,
      Session: 600,
    },
  };
}

async function askForMachineToken(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`machine:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      resource: audience,
    }),
  });
  const { access_token } = await response.json();
  if (typeof access_token !== "string") throw new Error("no token");
  return access_token;
}
