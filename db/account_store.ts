import type { Account } from "../core/account.ts";
import {
  ConstraintError,
  type Database,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import type { Limit } from "../core/limit.ts";
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

  /**
   * Makes a user and, in the same write, the row that `tie` makes of the new
   * account's id. Null, and nothing is written, when a constraint forbids it:
   * the name is taken, or the row is there already.
   */
  async create(
    { name, permissions }: Pick<Account, "name" | "permissions">,
    tie: (account: Statement) => Statement,
  ): Promise<Account | null> {
    try {
      const [inserted] = await this.#database.batch([
        sql`insert into account (kind, name, permissions, created_at)
            values ('user', ${name}, ${
          JSON.stringify(permissions)
        }, ${this.#now()}) returning *`,
        tie(
          sql`(select id from account where kind = 'user' and name = ${name})`,
        ),
      ]);
      const row = inserted?.rows[0];
      return row ? toAccount(row) : null;
    } catch (error) {
      if (error instanceof ConstraintError) return null;
      throw error;
    }
  }

  /** What an account may do from now on, within the limits that it has. */
  async setPermissions(
    id: number,
    permissions: readonly Permission[],
  ): Promise<void> {
    await this.#database.batch([sql`
      update account set permissions = ${JSON.stringify(permissions)}
      where id = ${id}`]);
  }

  /** What an account may do from now on; null when there is none of that name. */
  async allow(
    kind: Account["kind"],
    name: string,
    access: Pick<Account, "permissions" | "limits">,
  ): Promise<Account | null> {
    const [limit] = access.limits;
    const [updated] = await this.#database.batch([sql`
      update account set permissions = ${JSON.stringify(access.permissions)},
        limits = ${limit === undefined ? null : JSON.stringify(limit)}
      where kind = ${kind} and name = ${name} returning *`]);
    const row = updated?.rows[0];
    return row ? toAccount(row) : null;
  }
}

function toAccount(row: Row): Account {
  return {
    id: Number(row.id),
    kind: row.kind as Account["kind"],
    name: String(row.name),
    permissions: JSON.parse(String(row.permissions)) as Permission[],
    limits: row.limits === null
      ? []
      : [JSON.parse(String(row.limits)) as Limit],
    createdAt: Number(row.created_at),
    disabledAt: row.disabled_at === null ? null : Number(row.disabled_at),
  };
}
