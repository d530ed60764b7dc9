import type { Issuer } from "./options.ts";

/** Who an issuer says somebody is. */
export type Person = {
  /** Never changes and is never given to another (OpenID Connect Core 1.0, 5.7). */
  readonly subject: string;
  /** What an account is named after. */
  readonly shown: string;
  readonly groups: readonly string[];
};

/** Claims of a token or of the UserInfo endpoint, as JSON gives them. */
export type Claims = { readonly [name: string]: unknown };

/** Reads who somebody is out of claims that have been verified. */
export function readPerson(
  claims: Claims,
  subject: string,
  { nameClaim, groupsClaim }: Pick<Issuer, "nameClaim" | "groupsClaim">,
): Person {
  const name = readClaim(claims, nameClaim);
  const groups = readClaim(claims, groupsClaim);
  return {
    subject,
    shown: typeof name === "string" ? name : subject,
    groups: typeof groups === "string"
      ? [groups]
      : Array.isArray(groups)
      ? groups.filter((group): group is string => typeof group === "string")
      : [],
  };
}

/** A claim by name. Dots lead into objects, unless there is a claim of the whole name: names may be URLs. */
export function readClaim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}
