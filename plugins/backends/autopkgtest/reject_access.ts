import { ApiError } from "../../../core/error.ts";
import { describeLimits, isWithin } from "../../../core/limit.ts";
import type { Principal } from "../../../core/principal.ts";
import { packageName } from "./name.ts";
import type { RejectEntry } from "./reject_entry.ts";

/**
 * Holds whoever is limited to some work to entries of packages within it. A
 * pattern may reach beyond, so it is for those without limits.
 *
 * @throws ApiError `forbidden`.
 */
export function requireRejectable(
  { limits }: Pick<Principal, "limits">,
  { package: job }: Pick<RejectEntry, "package">,
): void {
  if (limits.length === 0) return;
  const isOne = packageName.test(job);
  if (isOne && isWithin(limits, { backend: "autopkgtest", job })) return;
  throw new ApiError(
    "forbidden",
    `Cannot change the entry of ${JSON.stringify(job)}: you are limited to ${
      describeLimits(limits)
    }; ${
      isOne ? "name a package within that" : "name one package, not a pattern"
    }`,
  );
}
