import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { ApiError } from "../core/error.ts";
import { allows, type Permission } from "../core/permission.ts";
import { maxJsonBytes } from "../core/protocol.ts";
import { readInto } from "./body.ts";

/** Where the OpenAPI document names the permission of an operation. */
export const permissionKey = "x-permission";

/** What a route asks of its caller: a permission, to be signed in, or nothing. */
export type Access = Permission | "signed-in" | "public";

/** What else is known of a route. */
export type Limits = {
  /** How large a body the route reads, for what reads it ahead of the route. */
  readonly maxBodyBytes?: number;
  /** What the audit calls it, where that is not the permission: `keys:create`. */
  readonly action?: string;
};

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
    middleware: [
      guard(access, {
        ...config.request?.body === undefined
          ? {}
          : { validatedBytes: limits.maxBodyBytes ?? maxJsonBytes },
        ...limits,
        action: limits.action ??
          (access === "signed-in"
            ? `${config.method.toUpperCase()} ${config.path}`
            : access),
      }),
    ] as const,
  });
}

/** What one caller may see no cache gives to another; a route that knows better says so itself. */
function guard(
  access: Access,
  { maxBodyBytes, validatedBytes, action }: Limits & {
    /** Set where the framework reads the body, which it does without a limit. */
    readonly validatedBytes?: number;
  },
): MiddlewareHandler<AppEnv> {
  if (access === "public") return (_c, next) => next();
  return async function requirePermission(c, next) {
    c.set("action", action);
    c.set("params", Object.values<string>(c.req.param()));
    const principal = await c.var.authenticate();
    c.set("principal", principal);
    c.set("maxBodyBytes", maxBodyBytes ?? validatedBytes);
    if (access !== "signed-in" && !allows(principal.permissions, access)) {
      throw new ApiError(
        "forbidden",
        `Cannot do this as ${principal.kind} "${principal.name}": the permission ${access} is missing`,
        { headers: { "cache-control": "private, no-store" } },
      );
    }
    const response = await c.var.admit(c, access, async () => {
      if (validatedBytes !== undefined) await readInto(c, validatedBytes);
      await next();
    });
    const { headers } = response ?? c.res;
    if (!headers.has("cache-control")) {
      headers.set("cache-control", "private, no-store");
    }
    return response;
  };
}
