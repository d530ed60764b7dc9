import type { Context } from "hono";
import type { AppEnv } from "../../../core/app_env.ts";
import { ApiError } from "../../../core/error.ts";
import { allows } from "../../../core/permission.ts";
import type { Principal } from "../../../core/principal.ts";
import { prefixOf } from "./data_path.ts";
import type { Place } from "./history.ts";
import type { Options } from "./options.ts";

/**
 * Who reads below `/data`; null is anybody, where public data is open to all.
 * A signed-in reader may see private files there too.
 *
 * @throws ApiError `unauthenticated` for a bad credential.
 */
export async function readerOf(
  c: Context<AppEnv>,
  { publicData }: Options,
): Promise<Principal | null> {
  if (!publicData) return c.var.principal;
  const principal = await c.var.recognise();
  return principal && allows(principal.permissions, "tests:read")
    ? principal
    : null;
}

/** The refusal of whatever is not there, or not for this reader: it depends on the path alone. */
export function nothingAt(c: Context<AppEnv>): ApiError {
  return new ApiError(
    "not_found",
    `Cannot find ${
      new URL(c.req.url).pathname
    }: there is no such file that you may see`,
    // A cache in between would give it to others, who may see the file.
    { headers: { "cache-control": "no-store" } },
  );
}

/** Whether the operator lists the suite and the architecture. */
export function isListed(
  { suite, arch }: Place,
  { suites, architectures }: Options,
): boolean {
  return suites.includes(suite) && architectures.includes(arch);
}

/** Every suite and architecture that the operator lists. */
export function listedPlaces({ suites, architectures }: Options): Place[] {
  return suites.flatMap((suite) =>
    architectures.map((arch) => ({ suite, arch }))
  );
}

/** Whether a package's folder is called as debci calls it. */
export function hasPrefix(name: string, prefix: string): boolean {
  return prefixOf(name) === prefix;
}

/** How long what all may read may be kept; what is for some is kept by nobody but them. */
export function cacheControl({ publicData }: Options): string {
  return publicData ? "public, max-age=60" : "private, max-age=60";
}
