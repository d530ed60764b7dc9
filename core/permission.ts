/**
 * A permission is a verb on a resource, `executions:create`. Either half may be
 * `*` where it is granted, never where it is asked for.
 */
export type Permission = `${string}:${string}`;

/** Named sets of permissions; what an account gets unless told otherwise is `trigger`. */
export const roles = {
  viewer: ["*:read"],
  trigger: ["*:read", "*:create", "*:cancel"],
  /** May also manage the tokens of the groups that they own. */
  owner: ["*:read", "*:create", "*:cancel", "tokens:manage"],
  admin: ["*:*"],
  /** A runner's account may register runners and nothing else. */
  runner: ["runners:register"],
} as const satisfies Record<string, readonly Permission[]>;

/** Name of the role that is exactly these permissions; null when none is. */
export function roleOf(permissions: readonly Permission[]): string | null {
  const asked = new Set<string>(permissions);
  const role = Object.entries(roles).find(([, each]) =>
    new Set<string>(each).symmetricDifference(asked).size === 0
  );
  return role?.[0] ?? null;
}

/** Whether any granted permission covers the wanted one. */
export function allows(
  granted: readonly Permission[],
  wanted: Permission,
): boolean {
  const [resource, verb] = wanted.split(":");
  return granted.some((permission) => {
    const [grantedResource, grantedVerb] = permission.split(":");
    return (grantedResource === "*" || grantedResource === resource) &&
      (grantedVerb === "*" || grantedVerb === verb);
  });
}
