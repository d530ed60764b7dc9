import { ApiError } from "./error.ts";
import { describeLimits } from "./limit.ts";
import { allows, type Permission } from "./permission.ts";
import type { Principal } from "./principal.ts";

/**
 * Holds whoever gives permissions to what they may do themselves, so that a
 * narrowed credential makes nobody wider than it is, its own account included.
 *
 * @throws ApiError `forbidden` that names what is beyond it.
 */
export function requireGrantable(
  granter: Pick<Principal, "permissions" | "limits">,
  permissions: readonly Permission[],
): void {
  if (granter.limits.length > 0) {
    throw new ApiError(
      "forbidden",
      `Cannot say what accounts may do: you are limited to ${
        describeLimits(granter.limits)
      }; ask somebody who is not`,
    );
  }
  const beyond = permissions.filter((one) => !allows(granter.permissions, one));
  if (beyond.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot give ${
      beyond.join(", ")
    }: you may not do that yourself, as you are signed in; use a credential that may`,
  );
}
