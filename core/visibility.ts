import { allows, type Permission } from "./permission.ts";
import type { Principal } from "./principal.ts";
import type { Run } from "./run.ts";

/**
 * What lets somebody see others' private runs. `*:read` does not cover it:
 * it is granted by itself, or with all that an administrator has.
 */
export const readPrivate = "runs:read-private" satisfies Permission;

/** Whether somebody sees every private run. */
export function seesPrivate(reader: Principal): boolean {
  return allows(reader.permissions, readPrivate);
}

/** Whether a run may be shown to somebody at all; null is anybody. To all others it must look as if it did not exist. */
export function mayRead(
  { isPrivate, owner }: Pick<Run, "isPrivate" | "owner">,
  reader: Principal | null,
): boolean {
  if (!isPrivate) return true;
  return reader !== null &&
    (owner.account === reader.account || seesPrivate(reader));
}
