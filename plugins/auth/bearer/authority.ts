import type { Account, Groups } from "../../../core/account.ts";
import type { Database } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import type { Limit } from "../../../core/limit.ts";
import { allows, type Permission, roles } from "../../../core/permission.ts";
import type { Principal } from "../../../core/principal.ts";
import { narrow } from "./scope.ts";
import { findToken, type KeptToken } from "./token_store.ts";

/**
 * Whose tokens somebody manages, and what those may be: never more than the
 * group may, and never more than who makes them.
 * @module
 */

/** What a principal may do about tokens. */
export type Authority = {
  readonly principal: Principal;
  /** Account ids of the groups; null: all of them, and new ones. */
  readonly groups: readonly number[] | null;
  /** What they make ends no later (epoch ms); null: no such bound. */
  readonly endsAt: number | null;
};

/** What a token is to allow. */
export type Grant = {
  readonly scopes: readonly Permission[];
  readonly limits: readonly Limit[];
};

/**
 * Finds out what a principal with `tokens:manage` manages: `tokens:admin` every
 * group, a user the groups that they own, an automation token its own group.
 *
 * @throws ApiError `forbidden` for a group's credential that was not made for it.
 */
export async function findAuthority(
  { database, groups }: { database: Database; groups: Groups },
  principal: Principal,
): Promise<Authority> {
  const endsAt = principal.kind === "group"
    ? (await requireScoped(database, principal)).expiresAt
    : null;
  if (allows(principal.permissions, "tokens:admin")) {
    return { principal, groups: null, endsAt };
  }
  return {
    principal,
    groups: principal.kind === "group"
      ? [principal.account]
      : await groups.ownedBy(principal.account),
    endsAt,
  };
}

/** Whether somebody manages the tokens of a group. */
export function manages({ groups }: Authority, group: number): boolean {
  return groups === null || groups.includes(group);
}

/**
 * What a token of a group is to allow: what was asked for, or what a bot needs,
 * as far as the group may.
 *
 * @returns the sentence's end that says why not, when nothing of something asked for is allowed.
 */
export function scopeWithin(
  group: Pick<Account, "name" | "permissions">,
  asked: readonly Permission[] | null,
): { scopes: readonly Permission[] } | { fault: string } {
  const { name, permissions } = group;
  const beyond = (asked ?? []).find((one) =>
    narrow(permissions, [one]).length === 0
  );
  if (beyond !== undefined) {
    return {
      fault: `group ${name} may not ${beyond}; it may ${
        permissions.join(", ")
      }`,
    };
  }
  const scopes = narrow(permissions, asked ?? roles.trigger);
  return scopes.length > 0 ? { scopes } : {
    fault:
      `group ${name} may do nothing that a token is given by default; name the scope: it may ${
        permissions.join(", ") || "nothing"
      }`,
  };
}

/**
 * What a token that somebody makes is to allow. What narrows the maker narrows
 * the token too.
 *
 * @throws ApiError `forbidden` that says what is asked too much.
 */
export function grant(
  { principal }: Authority,
  group: Account,
  asked: { scope: readonly Permission[] | null; limits: readonly Limit[] },
): Grant {
  const within = scopeWithin(group, asked.scope);
  if ("fault" in within) throw tooMuch(within.fault);
  const lacking = within.scopes.find((one) =>
    !allows(principal.permissions, one)
  );
  if (asked.scope !== null && lacking !== undefined) {
    throw tooMuch(
      `it would allow ${lacking}, which your own credential does not`,
    );
  }
  const scopes = narrow(within.scopes, principal.permissions);
  if (scopes.length === 0) {
    throw tooMuch(
      "your own credential allows nothing of what it would; name a narrower scope, or use another credential",
    );
  }
  return {
    scopes,
    // Those of the group too: what it is limited to may be widened later, what the maker is must stay.
    limits: [
      ...asked.limits,
      ...principal.limits.filter((limit) => !includes(asked.limits, limit)),
    ],
  };
}

/**
 * Holds the successor of a token to what its maker may themselves.
 *
 * @throws ApiError `forbidden`.
 */
export function requireCovered(
  { principal }: Authority,
  group: Account,
  token: Pick<KeptToken, "scope" | "limits">,
): void {
  const permissions = token.scope === null
    ? group.permissions
    : narrow(group.permissions, token.scope);
  const lacking = permissions.find((one) =>
    !allows(principal.permissions, one)
  );
  if (lacking !== undefined) {
    throw tooMuch(`it allows ${lacking}, which your own credential does not`);
  }
  const limits = [...group.limits, ...token.limits];
  if (!principal.limits.every((limit) => includes(limits, limit))) {
    throw tooMuch("your own credential is limited to less than it");
  }
}

async function requireScoped(
  database: Database,
  principal: Principal,
): Promise<KeptToken> {
  const token = principal.via === "bearer"
    ? await findToken(database, principal.credential)
    : null;
  const isMeant = token?.scope?.some((one) => one.startsWith("tokens:"));
  if (token !== null && isMeant) return token;
  throw new ApiError(
    "forbidden",
    "Cannot manage tokens with this credential of a group: only a token whose scope names tokens:manage may; sign in as an owner of the group",
  );
}

function includes(limits: readonly Limit[], limit: Limit): boolean {
  return limits.some((one) => JSON.stringify(one) === JSON.stringify(limit));
}

function tooMuch(why: string): ApiError {
  return new ApiError("forbidden", `Cannot make this token: ${why}`);
}
