import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import { allows, type Permission } from "../core/permission.ts";

/** Where the OpenAPI document names the permission of an operation. */
export const permissionKey = "x-permission";

/** What a route asks of its caller: a permission, to be signed in, or nothing. */
export type Access = Permission | "signed-in" | "public";

/** How large a body the route reads, for what reads it ahead of the route. */
export type Limits = { readonly maxBodyBytes?: number };

/**
 * Declares a route together with the access it needs, so that the one text both
 * documents and enforces it: the check runs in the route itself, not by path prefix.
 *
 * @example
 * ```ts ignore
 * const route = guarded("runs:read", { method: "get", path: "/v1/runs", responses: { … } });
 * app.openapi(route, (c) => c.json(list(c.var.principal), 200));
 * ```
 */
export function guarded<
  P extends string,
  const R extends Omit<RouteConfig, "path"> & { path: P },
>(
  access: Access,
  config: R,
  limits: Limits = {},
) {
  return createRoute({
    ...config,
    [permissionKey]: access,
    middleware: [guard(access, limits)] as const,
  });
}

/** What one caller may see no cache gives to another; a route that knows better says so itself. */
function guard(
  access: Access,
  { maxBodyBytes }: Limits,
): MiddlewareHandler<AppEnv> {
  if (access === "public") return (_c, next) => next();
  return async function requirePermission(c, next) {
    const principal = await c.var.authenticate();
    c.set("principal", principal);
    c.set("maxBodyBytes", maxBodyBytes);
    if (access !== "signed-in" && !allows(principal.permissions, access)) {
      throw new ApiError(
        "forbidden",
        `Cannot do this as ${principal.kind} "${principal.name}": the permission ${access} is missing`,
        { headers: { "cache-control": "private, no-store" } },
      );
    }
    const response = await c.var.admit(c, access, next);
    const { headers } = response ?? c.res;
    if (!headers.has("cache-control")) {
      headers.set("cache-control", "private, no-store");
    }
    return response;
  };
}
