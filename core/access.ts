import type { Account } from "./account.ts";
import { ApiError } from "./error.ts";
import { describeLimits, isWithin } from "./limit.ts";
import { allows, type Permission } from "./permission.ts";
import type { Principal } from "./principal.ts";
import type { Run } from "./run.ts";

/**
 * Who may do what with which run. A route's guard has decided on the verb; here it
 * is decided on the run, for every backend alike.
 * @module
 */

/**
 * What lets somebody see others' private runs. `*:read` does not cover it:
 * it is granted by itself, or with all that an administrator has.
 */
export const readPrivate = "runs:read_private" satisfies Permission;

/** Whether somebody sees every private run. */
export function seesPrivate(reader: Principal): boolean {
  return allows(reader.permissions, readPrivate);
}

/** Whether somebody may stop and repeat others' runs. */
export function isAdmin(principal: Principal): boolean {
  return allows(principal.permissions, "runs:admin");
}

/** Whether a run may be shown to somebody at all; null is anybody. To all others it must look as if it did not exist. */
export function mayRead(
  run: Pick<Run, "backend" | "job" | "isPrivate" | "owner">,
  reader: Principal | null,
): boolean {
  if (reader === null) return !run.isPrivate;
  if (!isWithin(reader.limits, run)) return false;
  return !run.isPrivate || run.owner.account === reader.account ||
    seesPrivate(reader);
}

/** Whether somebody may stop and repeat a run. */
export function mayControl(
  run: Pick<Run, "backend" | "job" | "owner">,
  principal: Principal,
): boolean {
  return isWithin(principal.limits, run) &&
    (run.owner.account === principal.account || isAdmin(principal));
}

/**
 * Holds new work to what the principal is limited to.
 *
 * @throws ApiError `forbidden` that names the work and the limit.
 */
export function requireWithin(
  principal: Principal,
  work: Pick<Run, "backend" | "job">,
): void {
  if (isWithin(principal.limits, work)) return;
  throw new ApiError(
    "forbidden",
    `Cannot run ${
      JSON.stringify(work.job)
    } on ${work.backend}: the credential is limited to ${
      describeLimits(principal.limits)
    }`,
  );
}

/**
 * How a credential falls short of its account, each as a person reads it; empty
 * when it is not narrowed. A null account is one that is not there any more.
 */
export function shortcomings(
  { permissions, limits }: Pick<Principal, "permissions" | "limits">,
  account: Pick<Account, "permissions" | "limits"> | null,
): string[] {
  if (account === null) return ["its account is missing"];
  const lacking = account.permissions.filter((one) =>
    !allows(permissions, one)
  );
  const whole = account.limits.map((limit) => JSON.stringify(limit));
  const narrower = limits.filter((limit) =>
    !whole.includes(JSON.stringify(limit))
  );
  return [
    ...(lacking.length > 0 ? [`${lacking.join(", ")} is missing`] : []),
    ...(narrower.length > 0
      ? [`it is limited to ${describeLimits(narrower)}`]
      : []),
  ];
}
