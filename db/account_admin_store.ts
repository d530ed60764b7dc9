import type { Account } from "../core/account.ts";
import type {
  AccountAdmin,
  AccountFilter,
  AccountKind,
  AccountRow,
} from "../core/administration.ts";
import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import type { Principal } from "../core/principal.ts";
import type { RunSummary } from "../core/run.ts";
import { type AccountStore, toAccount } from "./account_store.ts";
import { summaryColumns, toRunSummaries } from "./run_row.ts";
import { where } from "./run_store.ts";

/** Of each backend the runs of an account that are looked at for those that a reader may see. */
const recentlyChanged = 200;

/** `limits` are null for no account whose permissions are all of them; the text is what `JSON.stringify` makes. */
const isAdministrator =
  sql`permissions like '%"*:*"%' and limits is null and disabled_at is null`;

const columns = sql`account.*, (
  select max(at) from audit where principal = account.kind || ':' || account.name
) as acted_at`;

/** Accounts as administrators look after them. */
export class AccountAdminStore implements AccountAdmin {
  readonly #database: Database;
  readonly #accounts: AccountStore;
  readonly #backends: readonly string[];
  readonly #now: () => number;

  /** `backends`: the names of those whose runs there may be. */
  constructor(
    { database, accounts }: {
      readonly database: Database;
      readonly accounts: AccountStore;
    },
    backends: readonly string[],
    now: () => number,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#backends = backends;
    this.#now = now;
  }

  async list(filter: AccountFilter): Promise<AccountRow[]> {
    const { kind, text, only, after, limit } = filter;
    const conditions = [
      sql`kind = ${kind}`,
      ...(after === undefined ? [] : [sql`name > ${after}`]),
      ...(text === undefined ? [] : [sql`instr(name, ${text}) > 0`]),
      ...(only === undefined ? [] : [ofKind(only)]),
    ].reduce((all, one) => sql`${all} and ${one}`);
    const atMost = { text: `limit ${Math.trunc(limit)}`, values: [] };
    const rows = await this.#database.query(sql`
      select ${columns} from account where ${conditions} order by name ${atMost}`);
    return rows.map(toAccountRow);
  }

  async findByName(
    kind: Account["kind"],
    name: string,
  ): Promise<AccountRow | null> {
    const [row] = await this.#database.query(sql`
      select ${columns} from account where kind = ${kind} and name = ${name}`);
    return row ? toAccountRow(row) : null;
  }

  ensure(
    kind: Account["kind"],
    name: string,
    permissions: Account["permissions"],
  ): Promise<{ account: Account; created: boolean }> {
    return this.#accounts.ensure(kind, name, permissions);
  }

  async allow(
    id: number,
    { permissions, limits: [limit] }: Pick<Account, "permissions" | "limits">,
  ): Promise<boolean> {
    const staysOne = permissions.includes("*:*") && limit === undefined;
    return await this.#change(
      id,
      sql`permissions = ${JSON.stringify(permissions)}, limits = ${
        limit === undefined ? null : JSON.stringify(limit)
      }`,
      staysOne ? nothing : unlessLast(id),
    );
  }

  async disable(id: number, isDisabled: boolean): Promise<boolean> {
    return isDisabled
      ? await this.#change(
        id,
        sql`disabled_at = coalesce(disabled_at, ${this.#now()})`,
        unlessLast(id),
      )
      : await this.#change(id, sql`disabled_at = null`, nothing);
  }

  async #change(
    id: number,
    change: Statement,
    unless: Statement,
  ): Promise<boolean> {
    const [changed] = await this.#database.batch([
      sql`update account set ${change} where id = ${id}${unless}`,
    ]);
    return changed?.changes === 1;
  }

  /** Walks the index of owners, a backend at a time. */
  async recentRuns(
    id: number,
    reader: Principal,
    limit: number,
  ): Promise<RunSummary[]> {
    const newest = this.#backends.map((backend) =>
      sql`select * from (
        select number from run indexed by run_by_owner
        where backend = ${backend} and owner = ${id}
        order by updated_at desc, number desc ${{
        text: `limit ${recentlyChanged}`,
        values: [],
      }})`
    );
    if (newest.length === 0) return [];
    const numbers = newest.reduce((all, one) => sql`${all} union all ${one}`);
    const rows = await this.#database.query(sql`
      select ${summaryColumns}, '{}' as request, queue.labels
      from run join queue on queue.key = run.queue_key
      where run.number in (${numbers}) and ${where({ reader })}
      order by run.updated_at desc, run.number desc ${{
      text: `limit ${Math.trunc(limit)}`,
      values: [],
    }}`);
    return toRunSummaries(rows);
  }
}

/** Nobody else would be an administrator; in the write itself, so that two who do it to each other at once do not both succeed. */
function unlessLast(id: number): Statement {
  return sql` and (not (${isAdministrator}) or exists (
    select 1 from account where id <> ${id} and ${isAdministrator}))`;
}

function ofKind(kind: AccountKind): Statement {
  switch (kind) {
    case "administrators":
      return isAdministrator;
    case "limited":
      return sql`limits is not null`;
    case "disabled":
      return sql`disabled_at is not null`;
    default:
      return kind satisfies never;
  }
}

function toAccountRow(row: Row): AccountRow {
  const actedAt = row.acted_at ?? null;
  return {
    ...toAccount(row),
    actedAt: actedAt === null ? null : Number(actedAt),
  };
}
