import { isPermission, type Permission } from "../../../core/permission.ts";

/** The permissions of a `scope` claim (RFC 8693, 4.2); what is none grants nothing. */
export function parseScope(scope: string): Permission[] {
  return scope.split(" ").filter(isPermission);
}

/** What both lists allow, as a list: a token never allows more than its account. */
export function narrow(
  granted: readonly Permission[],
  scope: readonly Permission[],
): Permission[] {
  const common = granted.flatMap((one) =>
    scope.flatMap((other) => intersect(one, other) ?? [])
  );
  return [...new Set(common)];
}

function intersect(one: Permission, other: Permission): Permission | null {
  const [resource = "", verb = ""] = one.split(":");
  const [otherResource = "", otherVerb = ""] = other.split(":");
  const commonResource = intersectHalf(resource, otherResource);
  const commonVerb = intersectHalf(verb, otherVerb);
  return commonResource === null || commonVerb === null
    ? null
    : `${commonResource}:${commonVerb}`;
}

function intersectHalf(one: string, other: string): string | null {
  if (one === "*") return other;
  return other === "*" || other === one ? one : null;
}
