import * as z from "zod";
import { type Permission, roles } from "./permission.ts";

/**
 * What people may do by the groups that another server says they are in: for
 * each group a role or a list of permissions.
 * @module
 */

const roleNames = Object.keys(roles).join(", ");

const permission = z.custom<Permission>(
  (value) =>
    typeof value === "string" &&
    /^(\*|[a-z][a-z_-]*):(\*|[a-z][a-z_-]*)$/.test(value),
  "expected a permission such as executions:create or *:read",
);

const grant = z.union([
  z.enum(["viewer", "trigger", "owner", "admin", "runner"])
    .transform((role): readonly Permission[] => roles[role]),
  z.array(permission).min(1).readonly(),
], {
  error: `expected a role (${roleNames}) or a list of permissions`,
});

/** Option of a plugin: group → role or permissions. */
export const groupRoles = z.record(z.string().min(1), grant);

/** Option of a plugin: what everybody whom the server knows may do. */
export const everyonesRole = grant.optional();

/** What somebody may do who is in these groups; empty when none of them counts here. */
export function permissionsOf(
  groups: readonly string[],
  granted: z.output<typeof groupRoles>,
  everyone: z.output<typeof everyonesRole>,
): Permission[] {
  const all = [
    ...(everyone ?? []),
    ...groups.flatMap((group) =>
      Object.hasOwn(granted, group) ? granted[group] ?? [] : []
    ),
  ];
  return [...new Set(all)];
}
