import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../../core/app_env.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { toIso } from "../../../core/iso_time.ts";
import { createRouter } from "../../../http/router.ts";
import { deleteSession, listSessions } from "./operations.ts";
import type { SessionOptions } from "./options.ts";
import { endOwnSession, listOwnSessions } from "./own_sessions.ts";

/** Where programs see and end the sessions of their account. */
export function sessionRoutes(
  context: AuthRoutesContext<SessionOptions>,
): OpenAPIHono<AppEnv> {
  const app = createRouter();

  app.openapi(listSessions, async (c) => {
    const sessions = await listOwnSessions(context, c.var.principal);
    return c.json({
      sessions: sessions.map((session) => ({
        id: session.id,
        userAgent: session.userAgent,
        createdAt: toIso(session.createdAt),
        lastUsedAt: toIso(session.usedAt),
        expiresAt: toIso(session.expiresAt),
        isCurrent: session.isCurrent,
      })),
    }, 200);
  });

  app.openapi(deleteSession, async (c) => {
    await endOwnSession(context, c.var.principal, c.req.valid("param").id);
    return c.body(null, 204);
  });

  return app;
}
