import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import { pageHeaders } from "../../../../ui/kit/mod.ts";

/** Leads to the same page with a slash at its end, as debci does (wire 2.2). */
export function toSlash(c: Context<AppEnv>): Response {
  const { pathname, search } = new URL(c.req.url);
  return new Response(null, {
    status: 302,
    headers: { ...pageHeaders, location: `${pathname}/${search}` },
  });
}
