import type { Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";

/** Where the reject list is looked after. */
export const rejectListPath = "/admin/reject-list";

/** The parameters of a page below `/user/NAME`. */
export const ofUser = { params: z.object({ user: z.string() }) };

/** A page of somebody's own, by debci's path (wire 2.1); `rest` begins with a slash. */
export function ownPath(name: string, rest = ""): string {
  return `/user/${encodeURIComponent(name)}${rest}`;
}

/** Where the reader's own page of this name is, when the path names somebody else, or debci's placeholder; null when it is here. */
export function elsewhere(c: Context<AppEnv>, rest: string): string | null {
  const { name } = c.var.principal;
  if (c.req.param("user") === name) return null;
  return ownPath(name, rest) + new URL(c.req.url).search;
}

/**
 * Holds a form to the reader's own name.
 *
 * @throws ApiError `forbidden`.
 */
export function requireOwn(c: Context<AppEnv>): void {
  const { name } = c.var.principal;
  const user = c.req.param("user");
  if (user === name || user === ":user") return;
  throw new ApiError(
    "forbidden",
    `Cannot do this for ${
      JSON.stringify(user)
    }: you are signed in as ${name}; use your own pages`,
  );
}
