import { shortcomings } from "../../../core/access.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ConstraintError } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import {
  findAuthKeys,
  forgetRevokedAuthKeys,
  insertAuthKey,
  type KeptKey,
  revokeAuthKey,
} from "./key.ts";

/**
 * What people see of their account's keys and do about them, for the API and the page alike.
 * @module
 */

/** Live keys that an account may give itself. */
export const maxLiveKeys = 50;

type Lent = Pick<
  AuthRoutesContext<unknown>,
  "database" | "accounts" | "ids" | "now"
>;

/** A key as it is shown once. */
export type MadeKey =
  & Pick<KeptKey, "id" | "description" | "createdAt">
  & { readonly key: string };

/**
 * The keys of who asks, the newest first.
 *
 * @throws ApiError `forbidden` for a key.
 */
export async function listOwnKeys(
  { database }: Pick<Lent, "database">,
  principal: Principal,
): Promise<readonly KeptKey[]> {
  refuseKey(principal);
  return await findAuthKeys(database, principal.account);
}

/**
 * Makes a key for who asks. With an `id` that there is already none is made.
 *
 * @throws ApiError `forbidden` for a key and a narrowed credential, `conflict`.
 */
export async function makeOwnKey(
  lent: Lent,
  principal: Principal,
  description: string,
  id: string = lent.ids.uuid(),
): Promise<MadeKey> {
  const { database, ids, now } = lent;
  const { account, kind, name } = principal;
  await requireWhole(lent, principal, "make a key");
  const row = { id, account, key: ids.randomUuid(), now: now() };
  const [inserted] = await database.batch([
    await insertAuthKey({ ...row, name: description, maxLiveKeys }),
    forgetRevokedAuthKeys(account),
  ]).catch((error) => {
    throw error instanceof ConstraintError ? madeBefore() : error;
  });
  if (inserted?.changes !== 1) {
    throw new ApiError(
      "conflict",
      `Cannot make a key: ${kind} "${name}" has ${maxLiveKeys} live keys; revoke one that is not in use; /account/keys and GET /api/v1/keys show the last use`,
    );
  }
  return { id, key: row.key, description, createdAt: row.now };
}

/**
 * Revokes a key of who asks; one that was revoked before stays as it is.
 *
 * @throws ApiError `forbidden` for a key and a narrowed credential, `not_found`.
 */
export async function revokeOwnKey(
  lent: Lent,
  principal: Principal,
  id: string,
): Promise<void> {
  await requireWhole(lent, principal, "revoke a key");
  const [revoked] = await lent.database.batch([
    revokeAuthKey({ id, account: principal.account, now: lent.now() }),
  ]);
  if (revoked?.changes === 1) return;
  // What was asked for may be a key itself, so it is not repeated.
  throw new ApiError(
    "not_found",
    `Cannot revoke the key: ${principal.kind} "${principal.name}" has none of this id; GET /api/v1/keys lists the ids, which are not the keys themselves`,
  );
}

/** How a credential falls short of its account, so that it neither makes nor revokes keys; empty when it does not. */
export async function keyShortcomings(
  { accounts }: Pick<Lent, "accounts">,
  principal: Principal,
): Promise<readonly string[]> {
  return shortcomings(principal, await accounts.find(principal.account));
}

/** Whoever finds a key must not be able to make another one, or to shut its owner out. */
function refuseKey({ via }: Principal): void {
  if (via !== "auth_key") return;
  throw new ApiError(
    "forbidden",
    "Cannot manage keys with a key: sign in with name and password (curl --user NAME) or with a token (Authorization: Bearer TOKEN)",
  );
}

/** Refuses a credential that may do less than its account: a key may do all, and revoking is no less. */
async function requireWhole(
  lent: Lent,
  principal: Principal,
  task: string,
): Promise<void> {
  refuseKey(principal);
  const short = await keyShortcomings(lent, principal);
  if (short.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot ${task} with this credential: it may do less than ${principal.kind} "${principal.name}" (${
      short.join("; ")
    }), and a key may do all of it; use one that is not narrowed`,
  );
}

function madeBefore(): ApiError {
  return new ApiError(
    "conflict",
    "Cannot make a key twice out of one form: the first one is in the list, and was shown then; revoke it if it got lost, and fill in the form anew",
  );
}
