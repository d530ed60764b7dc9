import { shortcomings } from "../../../core/access.ts";
import type { AuthRoutesContext } from "../../../core/auth.ts";
import { ApiError } from "../../../core/error.ts";
import type { Principal } from "../../../core/principal.ts";
import { lifetime, type SessionOptions } from "./options.ts";
import {
  endsAt,
  findSessions,
  revokeOtherSessions,
  revokeSession,
  type Session,
} from "./session.ts";

/**
 * What people see of their own sessions and do about them, for the API and the page alike.
 * @module
 */

type Lent = Pick<
  AuthRoutesContext<SessionOptions>,
  "options" | "database" | "accounts" | "now"
>;

/** A session that is not over, as its owner sees it. */
export type OwnSession = Session & {
  /** Unless it is used before; epoch ms. */
  readonly expiresAt: number;
  /** It is what the request came with. */
  readonly isCurrent: boolean;
};

/** The sessions of who asks, the newest first. */
export async function listOwnSessions(
  { options, database, now }: Lent,
  { account, via, credential }: Principal,
): Promise<OwnSession[]> {
  const life = lifetime(options);
  return (await findSessions(database, account))
    .map((session) => ({
      ...session,
      expiresAt: endsAt(session, life),
      isCurrent: via === "session" && credential === session.id,
    }))
    .filter(({ expiresAt }) => expiresAt > now());
}

/**
 * Ends a session of who asks.
 *
 * @throws ApiError `forbidden` for a credential that may do less than its account, `not_found`.
 */
export async function endOwnSession(
  lent: Lent,
  principal: Principal,
  id: string,
): Promise<void> {
  await requireWhole(lent, principal);
  const [ended] = await lent.database.batch([
    revokeSession(id, principal.account),
  ]);
  if (ended?.changes === 1) return;
  throw new ApiError(
    "not_found",
    "Cannot end the session: you have none of this id; GET /v1/sessions lists them",
  );
}

/**
 * Ends all sessions of who asks but the one that the request came with.
 *
 * @returns their ids.
 * @throws ApiError `forbidden` for a credential that may do less than its account.
 */
export async function endOtherSessions(
  lent: Lent,
  principal: Principal,
): Promise<readonly string[]> {
  await requireWhole(lent, principal);
  const { account, via, credential } = principal;
  const [ended] = await lent.database.batch([
    revokeOtherSessions(account, via === "session" ? credential : null),
  ]);
  return ended?.rows.map(({ id }) => String(id)) ?? [];
}

/** How a credential falls short of its account, so that it ends no session; empty when it does not. */
export async function sessionShortcomings(
  { accounts }: Pick<Lent, "accounts">,
  principal: Principal,
): Promise<readonly string[]> {
  return shortcomings(principal, await accounts.find(principal.account));
}

/** Whoever finds a narrow token must not be able to sign its owner out. */
async function requireWhole(lent: Lent, principal: Principal): Promise<void> {
  const short = await sessionShortcomings(lent, principal);
  if (short.length === 0) return;
  throw new ApiError(
    "forbidden",
    `Cannot end a session with this credential: it may do less than ${principal.kind} "${principal.name}" (${
      short.join("; ")
    }); use one that is not narrowed`,
  );
}
