import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import { allows } from "../../../core/permission.ts";
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
    const account = await accounts.find(principal.account);
    requireWhole(principal, account?.permissions ?? ["*:*"]);
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
function requireWhole(
  principal: Principal,
  permissions: Principal["permissions"],
): void {
  if (permissions.every((each) => allows(principal.permissions, each))) return;
  throw new ApiError(
    "forbidden",
    `Cannot end a session with this credential: it may do less than ${principal.kind} "${principal.name}"; use one that is not narrowed`,
  );
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
