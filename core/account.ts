import type { Row, Statement } from "./database.ts";
import type { Limit } from "./limit.ts";
import type { Permission } from "./permission.ts";

/** A user or a group that owns runs and credentials. Names never change. */
export type Account = {
  readonly id: number;
  readonly kind: "user" | "group";
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Empty when the account may do with all work what its permissions say. */
  readonly limits: readonly Limit[];
  readonly createdAt: number;
  readonly disabledAt: number | null;
};

const accountName = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/;

/** What is wrong with an account's name, or null. Names travel in headers and JWTs, so they are short and plain. */
export function accountNameFault(name: string): string | null {
  if (accountName.test(name)) return null;
  return "a name is 1 to 63 characters of a-z, 0-9, '.', '_' and '-', and begins and ends with a letter or digit";
}

/** Accounts, as ways to sign in are lent them. */
export type Accounts = {
  find(id: number): Promise<Account | null>;
  /**
   * The first row of a statement on the caller's own tables, together with the
   * account that its column `account` names: what a credential takes to check,
   * in one query. The row's own columns do not begin with `own_`.
   */
  findBy(
    credential: Statement,
  ): Promise<{ readonly row: Row; readonly account: Account } | null>;
};

/** Groups and the users who manage their tokens. */
export type Groups = {
  /** All of them, in the order of their names. */
  list(): Promise<readonly Account[]>;
  find(name: string): Promise<Account | null>;
  /** The group of that name, made with what `trigger` allows when it is new. */
  ensure(name: string): Promise<{ account: Account; created: boolean }>;
  /** Ids of the groups that a user owns. */
  ownedBy(user: number): Promise<readonly number[]>;
  /** The users who own a group, in the order of their names. */
  owners(group: number): Promise<readonly Account[]>;
};
