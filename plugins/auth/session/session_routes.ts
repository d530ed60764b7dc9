import type { OpenAPIHono } from "@hono/zod-openapi";
import { shortcomings } from "../../../core/access.ts";
import type { Account } from "../../../core/account.ts";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import { createRouter } from "../../../http/router.ts";
import { deleteSession, listSessions } from "./operations.ts";
import { lifetime, type SessionOptions } from "./options.ts";
import { endsAt, findSessions, revokeSession } from "./session.ts";

/** Where people see and end their own sessions. */
export function sessionRoutes(
  { options, database, accounts, now }: AuthRoutesContext<SessionOptions>,
): OpenAPIHono<AppEnv> {
  const life = lifetime(options);
  const app = createRouter();

  app.openapi(listSessions, async (c) => {
    const { account, via, credential } = c.var.principal;
    const sessions = (await findSessions(database, account))
      .filter((session) => endsAt(session, life) > now())
      .map((session) => ({
        id: session.id,
        userAgent: session.userAgent,
        createdAt: toIso(session.createdAt),
        lastUsedAt: toIso(session.usedAt),
        expiresAt: toIso(endsAt(session, life)),
        isCurrent: via === "session" && credential === session.id,
      }));
    return c.json({ sessions }, 200);
  });

  app.openapi(deleteSession, async (c) => {
    const { principal } = c.var;
    requireWhole(principal, await accounts.find(principal.account));
    const { id } = c.req.valid("param");
    const [ended] = await database.batch([
      revokeSession(id, principal.account),
    ]);
    if (ended?.changes !== 1) {
      throw new ApiError(
        "not_found",
        "Cannot end the session: you have none of this id; GET /v1/sessions lists them",
      );
    }
    return c.body(null, 204);
  });

  return app;
}

/** Whoever finds a narrow token must not be able to sign its owner out. */
function requireWhole(principal: Principal, account: Account | null): void {
  const short = shortcomings(principal, account);
  if (short.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot end a session with this credential: it may do less than ${principal.kind} "${principal.name}" (${
      short.join("; ")
    }); use one that is not narrowed`,
  );
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
