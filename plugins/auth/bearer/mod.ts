/**
 * Bearer tokens: permanent automation tokens that Slipway signs itself.
 * @module
 */
import { defineAuth } from "../../../core/auth.ts";
import { sql } from "../../../core/database.ts";
import { toHolding } from "../../../core/holding.ts";
import { createAutomation } from "./automation.ts";
import { readBearer } from "./credential.ts";
import { KeyRing } from "./key_ring.ts";
import bearer0001 from "./migrations/0001_bearer_token.sql" with {
  type: "text",
};
import bearer0002 from "./migrations/0002_token_management.sql" with {
  type: "text",
};
import bearer0003 from "./migrations/0003_newest_tokens.sql" with {
  type: "text",
};
import { keysOf, optionsSchema } from "./options.ts";
import { createRoutes } from "./routes.ts";
import { tokenPages } from "./token_pages.tsx";

export default defineAuth({
  name: "bearer",
  scheme: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "A token from `/account/tokens`, `POST /v1/tokens` or `deno task token --group NAME`",
  },
  challenge: 'Bearer realm="slipway"',
  options: optionsSchema,
  migrations: [
    { name: "0001_bearer_token", sql: bearer0001 },
    { name: "0002_token_management", sql: bearer0002 },
    { name: "0003_newest_tokens", sql: bearer0003 },
  ],
  menu: [
    {
      place: "account",
      path: "/account/tokens",
      title: "Tokens",
      summary: "Make, rotate and revoke the automation tokens of your groups",
      permission: "tokens:manage",
    },
    {
      place: "admin",
      path: "/admin/tokens",
      title: "Tokens",
      summary: "Automation tokens of all groups: make, rotate, revoke",
      permission: "tokens:admin",
    },
  ],
  authenticate(context) {
    const { database, now, options } = context;
    const keys = new KeyRing({ database, now, held: keysOf(options) });
    const authenticateAutomation = createAutomation(context, keys);
    return async function authenticateBearer(request) {
      const token = readBearer(request.headers.get("authorization"));
      return token === null ? null : await authenticateAutomation(token);
    };
  },
  routes: (context) => createRoutes(context).route("/", tokenPages(context)),
  async holding(account, { database, now }) {
    const [row] = await database.query(sql`
      select count(*) as count, max(last_used_at) as used_at from bearer_token
      where account = ${account} and revoked_at is null
        and (expires_at is null or expires_at > ${now()})`);
    return toHolding("token", row);
  },
});
