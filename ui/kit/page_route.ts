import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { AppEnv } from "../../core/app_env.ts";
import { ApiError } from "../../core/error.ts";
import { allows } from "../../core/permission.ts";
import type { Principal } from "../../core/principal.ts";
import { type Access, permissionKey } from "../../http/guard.ts";

/** What else is known of a page's route. */
export type PageLimits = {
  /** What the audit calls it, where that is not the permission: `keys:create`. */
  readonly action?: string;
};

/**
 * Declares a page, or the form of one, together with the permission for it, or
 * `public`. As `guarded` of http/guard.ts, but that it is refused as a page,
 * to people, and that a public one knows who reads it: ask `readerOf`.
 */
export function page<
  P extends string,
  const R extends Omit<RouteConfig, "path" | "tags"> & { path: P },
>(access: Access, config: R, limits: PageLimits = {}) {
  const action = limits.action ??
    (access === "public" || access === "signed-in"
      ? `${config.method.toUpperCase()} ${config.path}`
      : access);
  return createRoute({
    ...config,
    tags: ["Pages"],
    [permissionKey]: access,
    middleware: [pageGuard(access, action)] as const,
  });
}

/** Who reads a page; null is anybody. */
export function readerOf(c: Context<AppEnv>): Principal | null {
  return c.get("principal") ?? null;
}

function pageGuard(access: Access, action: string): MiddlewareHandler<AppEnv> {
  return async function requireReader(c, next) {
    c.set("isPage", true);
    c.set("action", action);
    c.set("params", Object.values<string>(c.req.param()));
    const reader = access === "public"
      ? await c.var.recognise()
      : await c.var.authenticate();
    if (reader === null) return await next();
    // Who may read less than is public reads as anybody does.
    if (access === "public" && !allows(reader.permissions, "runs:read")) {
      return await next();
    }
    c.set("principal", reader);
    const wanted = access === "public" || access === "signed-in"
      ? null
      : access;
    if (wanted !== null && !allows(reader.permissions, wanted)) {
      throw new ApiError(
        "forbidden",
        `Cannot do this as ${reader.kind} "${reader.name}": the permission ${wanted} is missing`,
      );
    }
    return await c.var.admit(c, wanted ?? "signed-in", next);
  };
}
