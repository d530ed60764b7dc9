/**
 * Name and password: for managing one's own keys.
 * @module
 */
import * as z from "zod";
import { defineAuth } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { sql } from "../../../core/database.ts";
import { toHolding } from "../../../core/holding.ts";
import { principalId } from "../../../core/principal.ts";
import { readBasic } from "./credential.ts";
import { createGate } from "./gate.ts";
import basic0001 from "./migrations/0001_basic_password.sql" with {
  type: "text",
};
import { newUserPath, newUserRoutes } from "./new_user_page.tsx";
import { nobodysHash, verifyPassword } from "./password.ts";
import { findPassword } from "./user.ts";

export default defineAuth({
  name: "basic",
  scheme: {
    type: "http",
    scheme: "basic",
    description: "A user of `deno task user add NAME`",
  },
  challenge: 'Basic realm="slipway", charset="UTF-8"',
  isAmbient: true,
  options: z.object({
    /** Passwords that are checked at a time; each takes 19 MiB. */
    concurrent: z.int().min(1).default(1),
    /** Sign-ins that may wait for their turn; more are answered 429. */
    waiting: z.int().min(0).default(16),
  }),
  migrations: [{ name: "0001_basic_password", sql: basic0001 }],
  menu: [{
    place: "admin",
    path: newUserPath,
    title: "New user",
    summary: "Somebody who signs in with a password",
    permission: "accounts:manage",
  }],
  authenticate({ options, database, accounts, signIns }) {
    const gate = createGate(options);
    return async function authenticateBasic(request, source = null) {
      const login = readBasic(request.headers.get("authorization"));
      if (login === null) return null;
      const user = await findPassword(database, login.name);
      // In the line too: who guesses many at once waits after the first few.
      const isRight = await gate(() =>
        signIns.attempt(
          { source, name: login.name },
          () => verifyPassword(login.password, user?.hash ?? nobodysHash),
        )
      );
      const account = user ? await accounts.find(user.account) : null;
      const known = account === null ? undefined : {
        principal: principalId(account),
        credential: String(account.id),
      };
      if (!isRight || account === null) {
        throw badCredential("the name or the password is wrong", { known });
      }
      if (account.disabledAt !== null) {
        throw badCredential("this user is disabled", { known });
      }
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions: account.permissions,
        limits: account.limits,
        via: "basic",
        credential: String(account.id),
      };
    };
  },
  routes: newUserRoutes,
  async holding(account, { database }) {
    const [row] = await database.query(sql`
      select count(*) as count from basic_password where account = ${account}`);
    return toHolding("password", row);
  },
});
