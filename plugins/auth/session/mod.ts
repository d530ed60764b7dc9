/**
 * Browser sessions: signing in on a page, with a password or at an OpenID
 * provider, and a cookie from then on.
 * @module
 */
import { defineAuth } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { sql } from "../../../core/database.ts";
import { toHolding } from "../../../core/holding.ts";
import { principalId } from "../../../core/principal.ts";
import { readCookie, sessionCookie } from "../../../http/cookie.ts";
import { createRouter } from "../../../http/router.ts";
import session0001 from "./migrations/0001_session.sql" with { type: "text" };
import { lifetime, sessionOptions } from "./options.ts";
import { isOfOwnPage } from "./own_page.ts";
import { remoteRoutes } from "./remote_routes.ts";
import { endsAt, findSession, recordUse, type Session } from "./session.ts";
import { sessionRoutes } from "./session_routes.ts";
import { sessionPages } from "./sessions_page.tsx";
import { signInRoutes } from "./sign_in_routes.ts";

/** A use within this time after a recorded one is not recorded. */
const recordIntervalMs = 60_000;

export default defineAuth({
  name: "session",
  scheme: {
    type: "apiKey",
    in: "cookie",
    name: sessionCookie,
    description: "The cookie of a browser that signed in at `/login`",
  },
  challenge: 'Session realm="slipway"',
  isAmbient: true,
  options: sessionOptions,
  migrations: [{ name: "0001_session", sql: session0001 }],
  menu: [{
    place: "account",
    path: "/account/sessions",
    title: "Sessions",
    summary: "The browsers that you are signed in with, and how to end one",
  }],
  authenticate({ options, database, accounts, now, log }) {
    const life = lifetime(options);
    const noteUse = async ({ id, usedAt }: Session) => {
      if (now() - usedAt < Math.min(recordIntervalMs, life.idleMs / 10)) return;
      await database.batch([recordUse(id, now())]).catch((error) =>
        log("warn", "Cannot record the use of a session", {
          session: id,
          cause: String(error),
        })
      );
    };
    return async function authenticateSession(request) {
      const secret = readCookie(request, sessionCookie);
      if (secret === null || !isOfOwnPage(request)) return null;
      const session = await findSession(database, secret);
      if (session === null || endsAt(session, life) <= now()) {
        throw badCredential("the session is over; sign in again at /login");
      }
      const account = await accounts.find(session.account);
      if (account === null || account.disabledAt !== null) {
        throw badCredential("this user is disabled", {
          known: account === null ? undefined : {
            principal: principalId(account),
            credential: session.id,
          },
        });
      }
      await noteUse(session);
      return {
        kind: account.kind,
        account: account.id,
        name: account.name,
        permissions: account.permissions,
        limits: account.limits,
        via: "session",
        credential: session.id,
      };
    };
  },
  async holding(account, { database, now, options }) {
    const { idleMs, maxMs } = lifetime(options);
    const [row] = await database.query(sql`
      select count(*) as count, max(used_at) as used_at from session_session
      where account = ${account} and created_at > ${now() - maxMs}
        and used_at > ${now() - idleMs}`);
    return toHolding("session", row);
  },
  routes: (context) =>
    createRouter()
      .route("/", signInRoutes(context))
      .route("/", remoteRoutes(context))
      .route("/", sessionRoutes(context))
      .route("/", sessionPages(context)),
});
