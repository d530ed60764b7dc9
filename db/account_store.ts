import type { Account } from "../core/account.ts";
import { type Database, type Row, sql } from "../core/database.ts";
import type { Permission } from "../core/permission.ts";

/** Users and groups. */
export class AccountStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async find(id: number): Promise<Account | null> {
    const [row] = await this.#database.query(
      sql`select * from account where id = ${id}`,
    );
    return row ? toAccount(row) : null;
  }

  async findByName(
    kind: Account["kind"],
    name: string,
  ): Promise<Account | null> {
    const [row] = await this.#database.query(
      sql`select * from account where kind = ${kind} and name = ${name}`,
    );
    return row ? toAccount(row) : null;
  }

  /** The account of that name, made with these permissions when it is new. */
  async ensure(
    kind: Account["kind"],
    name: string,
    permissions: readonly Permission[],
  ): Promise<{ account: Account; created: boolean }> {
    const [inserted, selected] = await this.#database.batch([
      sql`insert into account (kind, name, permissions, created_at)
          values (${kind}, ${name}, ${
        JSON.stringify(permissions)
      }, ${this.#now()})
          on conflict (kind, name) do nothing`,
      sql`select * from account where kind = ${kind} and name = ${name}`,
    ]);
    const row = selected?.rows[0];
    if (!row) {
      throw new Error(`Cannot make account ${name}: the store did not keep it`);
    }
    return { account: toAccount(row), created: inserted?.changes === 1 };
  }

  /** Lets an account do this and nothing else; it holds for its next request. */
  async setPermissions(
    id: number,
    permissions: readonly Permission[],
  ): Promise<void> {
    await this.#database.batch([sql`
      update account set permissions = ${JSON.stringify(permissions)}
      where id = ${id}`]);
  }
}

function toAccount(row: Row): Account {
  return {
    id: Number(row.id),
    kind: row.kind as Account["kind"],
    name: String(row.name),
    permissions: JSON.parse(String(row.permissions)) as Permission[],
    createdAt: Number(row.created_at),
    disabledAt: row.disabled_at === null ? null : Number(row.disabled_at),
  };
}
