import type { Context } from "hono";
import type { AppEnv } from "../core/app_env.ts";
import { mayRead } from "../core/access.ts";
import { ApiError } from "../core/error.ts";
import type { PageFilter } from "../core/page_data.ts";
import type { Principal } from "../core/principal.ts";
import type { Run } from "../core/run.ts";
import type { Access } from "../http/guard.ts";
import { readerOf } from "./kit/page_route.ts";
import type { PagesParts } from "./parts.ts";

/** Pages are public where the operator publishes the runs of some backend. */
export function readingAccess({ backends }: PagesParts): Access {
  return backends.some(({ isPublic }) => isPublic) ? "public" : "runs:read";
}

/** What somebody may see, as a filter; null is anybody. */
export function scopeOf(
  { backends }: PagesParts,
  reader: Principal | null,
): Pick<PageFilter, "reader" | "backends"> {
  if (reader !== null) return { reader };
  const published = backends.filter(({ isPublic }) => isPublic);
  return { reader, backends: published.map(({ name }) => name) };
}

/**
 * The run that the path names, by id or number, for somebody who may see it.
 *
 * @throws ApiError alike for a run that is not there and one that may not be seen: `unauthenticated` to anybody, `not_found` to who is signed in.
 */
export async function findReadable(
  parts: PagesParts,
  c: Context<AppEnv>,
): Promise<Run> {
  const reader = readerOf(c);
  const id = c.req.param("id") ?? "";
  const run = await parts.runs.find(id);
  const isPublished = reader !== null ||
    parts.backends.some(({ name, isPublic }) =>
      isPublic && name === run?.backend
    );
  if (run !== null && isPublished && mayRead(run, reader)) return run;
  if (reader === null) await c.var.authenticate();
  throw new ApiError(
    "not_found",
    "Cannot find the run: there is no such run that you may see",
  );
}
