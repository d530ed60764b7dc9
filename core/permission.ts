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

/** Whether the text is a permission as it may be granted: `executions:create`, `*:read`. */
export function isPermission(text: string): text is Permission {
  return /^(\*|[a-z][a-z_]*):(\*|[a-z][a-z_]*)$/.test(text);
}

/** What the role of a name allows; null when there is none. */
export function findRole(name: string): readonly Permission[] | null {
  return Object.entries(roles).find(([known]) => known === name)?.[1] ?? null;
}

/** The role that allows exactly this, in whichever order; null when none does. */
export function roleOf(permissions: readonly Permission[]): string | null {
  const asked = new Set<string>(permissions);
  return Object.entries(roles).find(([, allowed]) =>
    new Set<string>(allowed).symmetricDifference(asked).size === 0
  )?.[0] ?? null;
}
