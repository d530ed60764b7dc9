import { type Database, sql, type Statement } from "../../../core/database.ts";

/** Whose password is kept how. */
export type PasswordRow = { readonly account: number; readonly hash: string };

/** Finds the password of a user by name. */
export async function findPassword(
  database: Database,
  name: string,
): Promise<PasswordRow | null> {
  const [row] = await database.query(
    sql`select account, hash from basic_password where name = ${name}`,
  );
  return row ? { account: Number(row.account), hash: String(row.hash) } : null;
}

/** Gives a user a password, or another one. */
export function savePassword(request: {
  /** Its id, or what selects it. */
  readonly account: {
    readonly id: number | Statement;
    readonly name: string;
  };
  /** From `hashPassword`. */
  readonly hash: string;
  readonly now: number;
}): Statement {
  const { account, hash, now } = request;
  return sql`
    insert into basic_password (account, name, hash, updated_at)
    values (${account.id}, ${account.name}, ${hash}, ${now})
    on conflict (account) do update
    set hash = excluded.hash, updated_at = excluded.updated_at`;
}
