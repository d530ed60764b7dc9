import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import { allows, type Permission } from "../core/permission.ts";
import type { Principal } from "../core/principal.ts";
import { type Access, permissionKey } from "../http/guard.ts";

/**
 * Declares a page together with the permission to read it, or `public`. As
 * `guarded` of http/guard.ts, but that a public page knows who reads it: ask
 * `readerOf`.
 */
export function page<
  P extends string,
  const R extends Omit<RouteConfig, "path" | "tags"> & { path: P },
>(access: Access, config: R) {
  return createRoute({
    ...config,
    tags: ["Pages"],
    [permissionKey]: access,
    middleware: [pageGuard(access)] as const,
  });
}

/** Who reads a page; null is anybody. */
export function readerOf(c: Context<AppEnv>): Principal | null {
  return c.get("principal") ?? null;
}

function pageGuard(access: Access): MiddlewareHandler<AppEnv> {
  return async function requireReader(c, next) {
    const reader = access === "public"
      ? await c.var.recognise()
      : await c.var.authenticate();
    if (reader === null) return await next();
    // Who may read less than is public reads as anybody does.
    if (access === "public" && !allows(reader.permissions, "runs:read")) {
      return await next();
    }
    c.set("principal", reader);
    const wanted: Permission | null =
      access === "public" || access === "signed-in" ? null : access;
    if (wanted !== null && !allows(reader.permissions, wanted)) {
      throw new ApiError(
        "forbidden",
        `Cannot do this as ${reader.kind} "${reader.name}": the permission ${wanted} is missing`,
      );
    }
    return await c.var.admit(c, wanted ?? "signed-in", next);
  };
}
