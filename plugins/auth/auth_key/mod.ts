/**
 * The `Auth-Key` header: debci's scheme.
 * @module
 */
import * as z from "zod";
import { defineAuth } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { sql } from "../../../core/database.ts";
import { sha256Hex } from "../../../core/id.ts";
import { readAuthKey } from "./key.ts";
import authKey0001 from "./migrations/0001_auth_key.sql" with { type: "text" };

export default defineAuth({
  name: "auth_key",
  scheme: {
    type: "apiKey",
    in: "header",
    name: "Auth-Key",
    description: "A key from `deno task key --user NAME`",
  },
  challenge: 'Auth-Key realm="slipway"',
  options: z.object({}),
  migrations: [{ name: "0001_auth_key", sql: authKey0001 }],
  authenticate({ database, accounts }) {
    return async function authenticateAuthKey(request) {
      const key = readAuthKey(request.headers.get("auth-key"));
      if (key === null) return null;
      const [row] = await database.query(sql`
        select id, account, revoked_at from auth_key_key
        where sha256 = ${await sha256Hex(key)}`);
      const account = row ? await accounts.find(Number(row.account)) : null;
      if (!row || account === null) {
        throw badCredential("the key is not known here; ask for a new one");
      }
      if (row.revoked_at !== null) {
        throw badCredential("the key has been revoked; ask for a new one");
      }
      if (account.disabledAt !== null) {
        throw badCredential(`the ${account.kind} of this key is disabled`);
      }
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions: account.permissions,
        via: "auth_key",
        credential: String(row.id),
      };
    };
  },
});
