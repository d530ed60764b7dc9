import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../../../core/database.ts";
import { sha256Hex } from "../../../core/id.ts";
import { hashSecret } from "../../../http/secret_hash.ts";

/** What is known of a key. The key itself is not kept. Times are epoch ms. */
export type KeptKey = {
  readonly id: string;
  /** Account id of its owner. */
  readonly account: number;
  /** What its owner calls it. */
  readonly description: string;
  readonly createdAt: number;
  /** To the minute; null: never. */
  readonly lastUsedAt: number | null;
  /** Null: it is live. */
  readonly revokedAt: number | null;
};

const columns = sql`id, account, name, created_at, last_used_at, revoked_at`;

/** Revoked keys of an account that stay in its list; older ones are forgotten. */
const maxRevokedKeys = 50;

/**
 * The row of a new key, which is valid once it has been written. With
 * `maxLiveKeys` nothing is written for an account that has as many already.
 */
export async function insertAuthKey(request: {
  readonly id: string;
  /** Account id of its owner. */
  readonly account: number;
  /** A new UUID (version 4): the credential. */
  readonly key: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly now: number;
  readonly maxLiveKeys?: number;
}): Promise<Statement> {
  const { id, account, key, name, now, maxLiveKeys } = request;
  const limit = maxLiveKeys === undefined ? nothing : sql`
    where (select count(*) from auth_key_key
      where account = ${account} and revoked_at is null) < ${maxLiveKeys}`;
  return sql`
    insert into auth_key_key (id, account, sha256, name, created_at)
    select ${id}, ${account}, ${await sha256Hex(key)}, ${name}, ${now}${limit}`;
}

/** Selects what is known of a key, given the key itself: `toKeptKey` reads it. */
export function selectAuthKey(key: string): Statement {
  return sql`
    select ${columns} from auth_key_key where sha256 = ${hashSecret(key)}`;
}

/** The keys of an account, or of all, the newest first. */
export async function findAuthKeys(
  database: Database,
  account: number | null,
): Promise<KeptKey[]> {
  const rows = await database.query(sql`
    select ${columns} from auth_key_key
    ${account === null ? nothing : sql`where account = ${account}`}
    order by created_at desc, id desc`);
  return rows.map(toKeptKey);
}

/**
 * Revokes a key, of this account only unless it is null. It changes one row
 * when there is such a key; one that was revoked before stays as it is.
 */
export function revokeAuthKey(request: {
  readonly id: string;
  readonly account: number | null;
  readonly now: number;
}): Statement {
  const { id, account, now } = request;
  return sql`
    update auth_key_key set revoked_at = coalesce(revoked_at, ${now})
    where id = ${id} ${
    account === null ? nothing : sql`and account = ${account}`
  }`;
}

/** Forgets what an account revoked long ago, so that making and revoking does not fill the store. */
export function forgetRevokedAuthKeys(account: number): Statement {
  return sql`
    delete from auth_key_key where id in (
      select id from auth_key_key
      where account = ${account} and revoked_at is not null
      order by revoked_at desc, id desc limit -1 offset ${maxRevokedKeys})`;
}

/** A row of a key. */
export function toKeptKey(row: Row): KeptKey {
  return {
    id: String(row.id),
    account: Number(row.account),
    description: String(row.name),
    createdAt: Number(row.created_at),
    lastUsedAt: toTime(row.last_used_at),
    revokedAt: toTime(row.revoked_at),
  };
}

function toTime(value: Row[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
