import type { Context } from "hono";
import type { AppEnv } from "../../../../core/app_env.ts";
import { ApiError } from "../../../../core/error.ts";
import { describeLimits, isWithin } from "../../../../core/limit.ts";
import { allows } from "../../../../core/permission.ts";
import type { Access } from "../../../../http/guard.ts";
import { page, readerOf } from "../../../../ui/kit/mod.ts";
import type { Options } from "../options.ts";

/** Whoever may read the files of public tests may read the pages about them. */
function access({ publicData }: Options): Access {
  return publicData ? "public" : "tests:read";
}

/** Declares a page of public tests. */
export function publicPage<Path extends string>(
  options: Options,
  path: Path,
  summary: string,
) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return page(access(options), {
    method: "get",
    path,
    summary,
    parameters: names.map((name) => ({
      name,
      in: "path" as const,
      required: true,
      schema: { type: "string" as const },
    })),
    responses: {
      200: { description: "A page" },
      302: { description: "To the same path with a slash" },
      404: { description: "No public test is of this" },
    },
  });
}

/**
 * Holds a reader to the packages that the credential is limited to, where not
 * everybody may read them; null is all packages together.
 *
 * @throws ApiError `forbidden` that names the limit.
 */
export function requireReadable(
  c: Context<AppEnv>,
  { publicData }: Options,
  name: string | null,
): void {
  const limits = readerOf(c)?.limits ?? [];
  if (publicData || limits.length === 0) return;
  const isOpen = name === null
    ? limits.every(({ jobs }) => jobs === undefined)
    : true;
  const work = { backend: "autopkgtest", job: name ?? "" };
  if (isOpen && isWithin(limits, work)) return;
  throw new ApiError(
    "forbidden",
    `Cannot show ${
      name === null ? "all packages" : `package ${name}`
    }: the credential is limited to ${describeLimits(limits)}`,
  );
}

/** Whether the reader may ask for tests, and so for one once more. */
export function mayRetry(c: Context<AppEnv>): boolean {
  const reader = readerOf(c);
  return reader !== null && allows(reader.permissions, "tests:create");
}
