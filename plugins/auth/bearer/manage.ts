import type { Account } from "../../../core/account.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ConstraintError } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import { roles } from "../../../core/permission.ts";
import { principalId } from "../../../core/principal.ts";
import {
  type Authority,
  type Grant,
  grant,
  requireCovered,
} from "./authority.ts";
import {
  findManaged,
  findManagedGroup,
  type Managed,
  requireEnabled,
} from "./managed.ts";
import {
  type MadeToken,
  makeToken,
  type Mint,
  renewedExpiry,
  rotateToken,
} from "./mint.ts";
import { currentKeys, type Options } from "./options.ts";
import { limitFault, toLimits } from "./token_limit.ts";
import type { Make, Rotate } from "./token_request.ts";
import { revokeTokens } from "./token_store.ts";

/**
 * What owners and administrators do about tokens, for the API and the pages alike.
 * @module
 */

/** What it takes. */
export type ManageContext = Pick<
  AuthRoutesContext<Options>,
  "database" | "accounts" | "groups" | "ids" | "now" | "options" | "backends"
>;

/**
 * Makes a token of a group, and the group when it is new. With an `id` that
 * there is already none is made.
 *
 * @throws ApiError `invalid`, `forbidden` or `conflict` that says why not.
 */
export async function makeManaged(
  context: ManageContext,
  authority: Authority,
  wanted: Make,
  id?: string,
): Promise<{ made: MadeToken; group: Account } & Grant> {
  const { groups, now, backends } = context;
  const fault = limitFault(wanted, backends);
  if (fault !== null) {
    throw new ApiError("invalid", `Cannot make a token: ${fault}`);
  }
  const known = await findManagedGroup(groups, authority, wanted.group);
  // Whether the token can be made is decided before a group is.
  const asked = { scope: wanted.scope, limits: toLimits(wanted) };
  const granted = grant(authority, known ?? newGroup(wanted.group), asked);
  const group = known ?? (await groups.ensure(wanted.group)).account;
  requireEnabled(group);
  const made = await onceOnly(() =>
    makeToken(mintOf(context, id), {
      ...granted,
      account: group,
      description: wanted.description,
      createdBy: principalId(authority.principal),
      expiresAt: capped(authority, toTime(wanted.expires, now())),
    })
  );
  return { made, group, ...granted };
}

/**
 * Makes a token that takes another one's place.
 *
 * @throws ApiError `not_found`, `forbidden` or `conflict` that says why not.
 */
export async function rotateManaged(
  context: ManageContext,
  authority: Authority,
  { token: old, group }: Managed,
  { grace, expires }: Rotate,
  id?: string,
): Promise<MadeToken> {
  const { now } = context;
  requireEnabled(group);
  requireCovered(authority, group, old);
  const expiresAt = expires === undefined
    ? renewedExpiry(old, now())
    : toTime(expires, now());
  return await onceOnly(() =>
    rotateToken(mintOf(context, id), old, {
      account: group,
      createdBy: principalId(authority.principal),
      endsAt: now() + grace,
      expiresAt: capped(authority, expiresAt),
    })
  );
}

/**
 * Revokes a token; one that was revoked before stays as it is.
 *
 * @throws ApiError `not_found`.
 */
export async function revokeManaged(
  context: ManageContext,
  authority: Authority,
  id: string,
): Promise<Managed> {
  const managed = await findManaged(context, authority, id);
  const { database, now } = context;
  await database.batch([revokeTokens({ id: managed.token.id }, now())]);
  return managed;
}

function mintOf(
  { database, now, ids, options }: ManageContext,
  id: string | undefined,
): Mint {
  return {
    database,
    now,
    ids: id === undefined ? ids : { uuid: () => id },
    issuer: options.issuer,
    keys: () => currentKeys(options),
  };
}

async function onceOnly(make: () => Promise<MadeToken>): Promise<MadeToken> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    throw new ApiError(
      "conflict",
      "Cannot make a token twice out of one form: the first one is in the list, and was shown then; revoke it if it got lost, and fill in the form anew",
    );
  }
}

/** What a token makes does not outlive it. */
function capped({ endsAt }: Authority, expiresAt: number | null) {
  return endsAt === null ? expiresAt : Math.min(endsAt, expiresAt ?? endsAt);
}

function toTime(lifetimeMs: number | null, now: number): number | null {
  return lifetimeMs === null ? null : now + lifetimeMs;
}

/** A group as it will be made. */
function newGroup(name: string) {
  return {
    id: 0,
    kind: "group" as const,
    name,
    permissions: roles.trigger,
    limits: [],
    createdAt: 0,
    disabledAt: null,
  };
}
