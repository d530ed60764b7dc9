/**
 * Bearer tokens: permanent automation tokens that Slipway signs itself.
 * @module
 */
import * as z from "zod";
import { defineAuth } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { type Database, sql } from "../../../core/database.ts";
import { principalId } from "../../../core/principal.ts";
import { readBearer } from "./credential.ts";
import bearer0001 from "./migrations/0001_bearer_token.sql" with {
  type: "text",
};
import { narrow } from "./scope.ts";
import { importSigningKey, signingKeyFault } from "./signing_key.ts";
import { defaultIssuer } from "./token.ts";
import { createVerify, type HeldKey, type Verified } from "./verify.ts";

const signingKey = z.string().superRefine((text, context) => {
  const fault = signingKeyFault(text);
  if (fault !== null) {
    context.addIssue({ code: "custom", message: fault, input: undefined });
  }
});

export default defineAuth({
  name: "bearer",
  scheme: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A token from `deno task token --group NAME`",
  },
  challenge: 'Bearer realm="slipway"',
  options: z.object({
    /** A private Ed25519 JWK as JSON; without it no token is accepted. */
    signingKey: signingKey.optional(),
    /** `iss` and `aud` of the tokens. */
    issuer: z.string().min(1).default(defaultIssuer),
  }),
  migrations: [{ name: "0001_bearer_token", sql: bearer0001 }],
  authenticate({ options, database, accounts, now }) {
    const verify = createVerify({
      keys: lazyKeys(options.signingKey),
      issuer: options.issuer,
      now,
    });
    return async function authenticateBearer(request) {
      const token = readBearer(request.headers.get("authorization"));
      if (token === null) return null;
      const verified = await verify(token);
      const account = await accounts.find(
        await findLiveAccount(database, verified, now()),
      );
      if (account === null || principalId(account) !== verified.subject) {
        throw badCredential("the token's account does not exist any more");
      }
      if (account.disabledAt !== null) {
        throw badCredential(`the ${account.kind} of this token is disabled`);
      }
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions: verified.scope === null
          ? account.permissions
          : narrow(account.permissions, verified.scope),
        limits: account.limits,
        via: "bearer",
        credential: verified.jti,
      };
    };
  },
});

/** The keys that count, imported when the first token comes. */
function lazyKeys(text: string | undefined): () => Promise<HeldKey[]> {
  let keys: Promise<HeldKey[]> | undefined;
  return () => {
    if (text === undefined) {
      throw badCredential(
        "this server has no signing key and so accepts no tokens; its operator sets SLIPWAY_SIGNING_KEY",
      );
    }
    return keys ??= importSigningKey(text).then((key) => [key]);
  };
}

/** The account of the token's row. It is read for every request: revoking works at once. */
async function findLiveAccount(
  database: Database,
  { jti, sha256 }: Verified,
  now: number,
): Promise<number> {
  const [row] = await database.query(sql`
    select account, expires_at, revoked_at from bearer_token
    where jti = ${jti} and sha256 = ${sha256}`);
  if (!row) {
    throw badCredential("the token is not known here any more; make a new one");
  }
  if (row.revoked_at !== null) {
    throw badCredential("the token has been revoked; make a new one");
  }
  if (row.expires_at !== null && Number(row.expires_at) <= now) {
    throw badCredential("the token has expired; make a new one");
  }
  return Number(row.account);
}
