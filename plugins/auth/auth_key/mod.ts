/**
 * The `Auth-Key` header: debci's scheme.
 * @module
 */
import * as z from "zod";
import { defineAuth } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { sql } from "../../../core/database.ts";
import { toHolding } from "../../../core/holding.ts";
import { principalId } from "../../../core/principal.ts";
import { readAuthKey } from "./credential.ts";
import { selectAuthKey, toKeptKey } from "./key.ts";
import { keyPages } from "./keys_page.tsx";
import { createRecordUse } from "./last_use.ts";
import authKey0001 from "./migrations/0001_auth_key.sql" with { type: "text" };
import { createRoutes } from "./routes.ts";

export default defineAuth({
  name: "auth_key",
  scheme: {
    type: "apiKey",
    in: "header",
    name: "Auth-Key",
    description:
      "A key from `/account/keys`, `POST /api/v1/keys` or `deno task key --user NAME`",
  },
  challenge: 'Auth-Key realm="slipway"',
  options: z.object({}),
  migrations: [{ name: "0001_auth_key", sql: authKey0001 }],
  menu: [{
    place: "account",
    path: "/account/keys",
    title: "API keys",
    summary: "Get a key for scripts (the header Auth-Key), revoke it",
    permission: "keys:read",
  }],
  authenticate({ database, accounts, now, log }) {
    const recordUse = createRecordUse({ database, now, log });
    return async function authenticateAuthKey(request) {
      const key = readAuthKey(request.headers.get("auth-key"));
      if (key === null) return null;
      const found = await accounts.findBy(selectAuthKey(key));
      if (found === null) {
        throw badCredential("the key is not known here; ask for a new one");
      }
      const { account } = found;
      const kept = toKeptKey(found.row);
      const known = { principal: principalId(account), credential: kept.id };
      if (kept.revokedAt !== null) {
        throw badCredential("the key has been revoked; ask for a new one", {
          known,
        });
      }
      if (account.disabledAt !== null) {
        throw badCredential(`the ${account.kind} of this key is disabled`, {
          known,
        });
      }
      await recordUse(kept);
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions: account.permissions,
        limits: account.limits,
        via: "auth_key",
        credential: kept.id,
      };
    };
  },
  routes: (context) => createRoutes(context).route("/", keyPages(context)),
  async holding(account, { database }) {
    const [row] = await database.query(sql`
      select count(*) as count, max(last_used_at) as used_at from auth_key_key
      where account = ${account} and revoked_at is null`);
    return toHolding("Auth-Key", row);
  },
});
