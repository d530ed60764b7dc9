import type { Account, Groups } from "../core/account.ts";
import { type Database, sql } from "../core/database.ts";
import { roles } from "../core/permission.ts";
import { type AccountStore, toAccount } from "./account_store.ts";

/** Groups and who owns them. */
export class GroupStore implements Groups {
  readonly #database: Database;
  readonly #accounts: AccountStore;
  readonly #now: () => number;

  constructor(database: Database, accounts: AccountStore, now: () => number) {
    this.#database = database;
    this.#accounts = accounts;
    this.#now = now;
  }

  async list(): Promise<readonly Account[]> {
    const rows = await this.#database.query(
      sql`select * from account where kind = 'group' order by name`,
    );
    return rows.map(toAccount);
  }

  find(name: string): Promise<Account | null> {
    return this.#accounts.findByName("group", name);
  }

  ensure(name: string): Promise<{ account: Account; created: boolean }> {
    return this.#accounts.ensure("group", name, roles.trigger);
  }

  async ownedBy(user: number): Promise<readonly number[]> {
    const rows = await this.#database.query(
      sql`select group_account from group_owner where user_account = ${user}`,
    );
    return rows.map((row) => Number(row.group_account));
  }

  /** The groups that a user owns, in the order of their names. */
  async owned(user: number): Promise<readonly Account[]> {
    const rows = await this.#database.query(sql`
      select account.* from group_owner
      join account on account.id = group_owner.group_account
      where user_account = ${user} order by name`);
    return rows.map(toAccount);
  }

  async owners(group: number): Promise<readonly Account[]> {
    const rows = await this.#database.query(sql`
      select account.* from group_owner
      join account on account.id = group_owner.user_account
      where group_account = ${group} order by name`);
    return rows.map(toAccount);
  }

  /** Makes users owners of a group, who may manage tokens from then on. */
  async addOwners(group: number, users: readonly Account[]): Promise<void> {
    await this.#database.batch(users.flatMap((user) => [
      sql`insert into group_owner (group_account, user_account, created_at)
          values (${group}, ${user.id}, ${this.#now()})
          on conflict do nothing`,
      sql`update account set
            permissions = json_insert(permissions, '$[#]', 'tokens:manage')
          where id = ${user.id} and not exists (
            select 1 from json_each(permissions)
            where value in ('tokens:manage', 'tokens:*', '*:manage', '*:*'))`,
    ]));
  }

  /** Whether the user was an owner until now. */
  async removeOwner(group: number, user: number): Promise<boolean> {
    const [removed] = await this.#database.batch([sql`
      delete from group_owner
      where group_account = ${group} and user_account = ${user}`]);
    return removed?.changes === 1;
  }
}
