import type { Account, Groups } from "../../../core/account.ts";
import type { Database } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import { type Authority, manages } from "./authority.ts";
import { findToken, type KeptToken } from "./token_store.ts";

/** A token with its group. */
export type Managed = { readonly token: KeptToken; readonly group: Account };

/**
 * A token that somebody manages.
 *
 * @throws ApiError `not_found` for one that there is not, and for somebody else's alike.
 */
export async function findManaged(
  { database, accounts }: {
    readonly database: Database;
    readonly accounts: { find(id: number): Promise<Account | null> };
  },
  authority: Authority,
  id: string,
): Promise<Managed> {
  const token = await findToken(database, id);
  const group = token === null ? null : await accounts.find(token.account);
  if (token === null || group === null || !manages(authority, group.id)) {
    // What was asked for may be a token itself, so it is not repeated.
    throw new ApiError(
      "not_found",
      "Cannot find the token: you manage none of this id; GET /v1/tokens lists the ids, which are not the tokens themselves",
    );
  }
  return { token, group };
}

/**
 * A group whose tokens somebody manages; null when there is none of that name
 * and they may make it.
 *
 * @throws ApiError `forbidden` when they do not manage it, whether it exists or not.
 */
export async function findManagedGroup(
  groups: Groups,
  authority: Authority,
  name: string,
): Promise<Account | null> {
  const group = await groups.find(name);
  const isManaged = group === null
    ? authority.groups === null
    : manages(authority, group.id);
  if (isManaged) return group;
  throw new ApiError(
    "forbidden",
    `Cannot manage the tokens of group ${
      JSON.stringify(name)
    }: you are not one of its owners; an owner or an administrator is`,
  );
}

/**
 * @throws ApiError `conflict` for a group that is disabled.
 */
export function requireEnabled(group: Account): void {
  if (group.disabledAt === null) return;
  throw new ApiError(
    "conflict",
    `Cannot make a token: group ${group.name} is disabled`,
  );
}
