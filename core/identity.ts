import type { Account } from "./account.ts";
import type { Statement } from "./database.ts";

/**
 * People whom another server vouches for, and the accounts that they get here.
 * An account is tied to who vouched and to that server's own, unchanging name
 * for the person, never to a name that is shown: nobody becomes somebody else
 * by being called like them.
 * @module
 */

/** What a plugin that makes accounts for such people is lent. */
export type IdentityAccounts = {
  find(id: number): Promise<Account | null>;
  /**
   * Makes a user together with the row that ties it to a person; `tie` is given
   * the new account's id as SQL. Null, and nothing is written, when the
   * name is taken or the row breaks a constraint.
   */
  create(
    user: Pick<Account, "name" | "permissions">,
    tie: (account: Statement) => Statement,
  ): Promise<Account | null>;
  /** What an account may do from now on. */
  setPermissions(
    id: number,
    permissions: Account["permissions"],
  ): Promise<void>;
};

/** Longest name of a source in front of its people's names. */
export const maxSourceLength = 20;

/** A source's own name, which has no dot in it: what stands before the first one is the source. */
export const sourcePattern = /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/;

/**
 * Names for a person's account, best first: `corp.alice`, and for the next one
 * of that name `corp.alice-3f9a1c20d4e5`. `sha256` is of the person's unchanging name, in hex.
 */
export function identityNames(
  source: string,
  shown: string,
  sha256: string,
): readonly string[] {
  const suffix = sha256.slice(0, 12);
  const plain = shown.normalize("NFKD").toLowerCase()
    .replace(/\p{M}/gu, "").replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, 63 - maxSourceLength - 2 - suffix.length)
    .replace(/^[._-]+|[._-]+$/g, "");
  return plain === ""
    ? [`${source}.${suffix}`]
    : [`${source}.${plain}`, `${source}.${plain}-${suffix}`];
}

/**
 * The account that is tied to a person, made when there is none yet. Requests
 * that come at once make one: who is too late finds the other's.
 *
 * @throws Error when every name is taken.
 */
export async function ensureIdentity(lent: {
  readonly accounts: IdentityAccounts;
  readonly names: readonly string[];
  /** For a new account. */
  readonly permissions: Account["permissions"];
  /** The account that is tied to the person. */
  findTied(): Promise<number | null>;
  /** The row that ties them. */
  tie(account: Statement): Statement;
}): Promise<Account> {
  const { accounts, names, permissions } = lent;
  for (const name of [null, ...names]) {
    const made = name === null
      ? null
      : await accounts.create({ name, permissions }, lent.tie);
    if (made !== null) return made;
    const tied = await lent.findTied();
    const known = tied === null ? null : await accounts.find(tied);
    if (known !== null) return known;
  }
  throw new Error(`Cannot make an account: ${names.join(", ")} are taken`);
}
