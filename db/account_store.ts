import type { Account, Accounts } from "../core/account.ts";
import { BoundedMap } from "../core/bounded_map.ts";
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
export class AccountStore implements Accounts {
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

  async findBy(
    credential: Statement,
  ): Promise<{ row: Row; account: Account } | null> {
    const [row] = await this.#database.query(sql`
      select credential.*, own.id as own_id, own.kind as own_kind,
        own.name as own_name, own.permissions as own_permissions,
        own.limits as own_limits, own.created_at as own_created_at,
        own.disabled_at as own_disabled_at
      from (${credential}) as credential
      join account as own on own.id = credential.account`);
    return row ? { row, account: toOwnAccount(row) } : null;
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

  /** Refuses every credential of an account from now on, or takes them again. */
  async disable(id: number, isDisabled: boolean): Promise<void> {
    await this.#database.batch([sql`
      update account set disabled_at = ${
      isDisabled ? sql`coalesce(disabled_at, ${this.#now()})` : sql`null`
    } where id = ${id}`]);
  }
}

/** A row of `account`. */
export function toAccount(row: Row): Account {
  return {
    id: Number(row.id),
    kind: row.kind as Account["kind"],
    name: String(row.name),
    permissions: toPermissions(String(row.permissions)),
    limits: row.limits === null
      ? []
      : [JSON.parse(String(row.limits)) as Limit],
    createdAt: Number(row.created_at),
    disabledAt: row.disabled_at === null ? null : Number(row.disabled_at),
  };
}

function toOwnAccount(row: Row): Account {
  return toAccount({
    id: row.own_id ?? null,
    kind: row.own_kind ?? null,
    name: row.own_name ?? null,
    permissions: row.own_permissions ?? null,
    limits: row.own_limits ?? null,
    created_at: row.own_created_at ?? null,
    disabled_at: row.own_disabled_at ?? null,
  });
}

/** Few accounts differ in what they may do, and every request asks. */
const knownPermissions = new BoundedMap<string, readonly Permission[]>(1000);

function toPermissions(text: string): readonly Permission[] {
  const known = knownPermissions.get(text);
  if (known !== undefined) return known;
  const permissions = JSON.parse(text) as Permission[];
  knownPermissions.set(text, permissions);
  return permissions;
}
