import type { Account } from "../../../core/account.ts";
import type { AuthContext } from "../../../core/auth.ts";
import { badCredential } from "../../../core/credential.ts";
import { principalId } from "../../../core/principal.ts";
import { type Database, sql } from "../../../core/database.ts";
import { ApiError } from "../../../core/error.ts";
import { permissionsOf } from "../../../core/group_roles.ts";
import { sha256Hex } from "../../../core/id.ts";
import { ensureIdentity, identityNames } from "../../../core/identity.ts";
import type { Permission } from "../../../core/permission.ts";
import type { Person } from "./claims.ts";
import type { Issuer } from "./options.ts";

/** What is needed to know people again. */
export type IdentityLent = Pick<
  AuthContext<unknown>,
  "accounts" | "database" | "now"
>;

/** A person as Slipway knows them. */
export type Known = {
  readonly account: Account;
  /** What their groups give them now. */
  readonly permissions: readonly Permission[];
  /** Names the person in logs and counts: a hash of issuer and `sub`. */
  readonly id: string;
};

/**
 * The account of a person, made when they are first seen.
 *
 * @throws ApiError `forbidden` when none of their groups counts here, `unauthenticated` when the account is disabled.
 */
export async function findKnown(
  lent: IdentityLent,
  issuer: Issuer,
  person: Person,
): Promise<Known> {
  const permissions = permissionsOf(
    person.groups,
    issuer.roles,
    issuer.everyone,
  );
  if (permissions.length === 0) throw noGroups(issuer, person);
  const key = { issuer: issuer.issuer, subject: person.subject };
  const id = await sha256Hex(JSON.stringify([key.issuer, key.subject]));
  const account = await ensureIdentity({
    accounts: lent.accounts,
    names: identityNames(issuer.name, person.shown, id),
    // What a browser's sign-in has given; a token speaks for itself alone.
    permissions: [],
    findTied: () => findTied(lent.database, key),
    tie: (account) =>
      sql`
      insert into oidc_identity (issuer, subject, account, created_at)
      values (${key.issuer}, ${key.subject}, ${account}, ${lent.now()})`,
  });
  const credential = id.slice(0, 32);
  if (account.disabledAt !== null) {
    throw badCredential("this user is disabled", {
      known: { principal: principalId(account), credential },
    });
  }
  return { account, permissions, id: credential };
}

/** The account that is tied to a person. */
export async function findTied(
  database: Database,
  { issuer, subject }: { issuer: string; subject: string },
): Promise<number | null> {
  const [row] = await database.query(sql`
    select account from oidc_identity
    where issuer = ${issuer} and subject = ${subject}`);
  return row ? Number(row.account) : null;
}

function noGroups({ name, groupsClaim }: Issuer, { groups }: Person): ApiError {
  const seen = groups.length === 0
    ? `${name} says of no group that you are in it (claim ${groupsClaim})`
    : `none of your ${groups.length} groups at ${name} is among them`;
  return new ApiError(
    "forbidden",
    `Cannot sign in: only members of some groups may use this Slipway, and ${seen}; ask its operator`,
  );
}
