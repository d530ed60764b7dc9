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
  const beyond = beyondOf(granter, permissions);
  if (beyond.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot give ${
      beyond.join(", ")
    }: you may not do that yourself, as you are signed in; use a credential that may`,
  );
}

/**
 * As `requireGrantable`, for whoever takes permissions from an account that has
 * these, or disables it: a narrow manager shuts out nobody who may do more.
 *
 * @throws ApiError `forbidden` that names what is beyond it.
 */
export function requireTakeable(
  taker: Pick<Principal, "permissions" | "limits">,
  permissions: readonly Permission[],
): void {
  const beyond = beyondOf(taker, permissions);
  if (beyond.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot take anything from an account that has ${
      beyond.join(", ")
    }: you may not do that yourself, as you are signed in; use a credential that may`,
  );
}

/** What somebody may not do of these. */
function beyondOf(
  granter: Pick<Principal, "permissions" | "limits">,
  permissions: readonly Permission[],
): readonly Permission[] {
  if (granter.limits.length > 0) {
    throw new ApiError(
      "forbidden",
      `Cannot say what accounts may do: you are limited to ${
        describeLimits(granter.limits)
      }; ask somebody who is not`,
    );
  }
  return permissions.filter((one) => !allows(granter.permissions, one));
}
