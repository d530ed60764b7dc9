import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../../../core/database.ts";
import type { Limit } from "../../../core/limit.ts";
import type { Permission } from "../../../core/permission.ts";
import { parseScope } from "./scope.ts";

/** What is known of a token. The token itself is not kept. Times are epoch ms. */
export type KeptToken = {
  /** Its `jti`. */
  readonly id: string;
  /** Account id of its group. */
  readonly account: number;
  /** Null: all that its group may do. */
  readonly scope: readonly Permission[] | null;
  /** What it is narrowed to, beside its group. */
  readonly limits: readonly Limit[];
  readonly description: string;
  readonly createdAt: number;
  /** `principalId`; null: it was made on the server. */
  readonly createdBy: string | null;
  /** Null: never. */
  readonly expiresAt: number | null;
  /** Null: it was not revoked. */
  readonly revokedAt: number | null;
  /** To the minute; null: never. */
  readonly lastUsedAt: number | null;
  /** Name of the key that signed it; null: from before there were several. */
  readonly kid: string | null;
  /** Id of the token that took its place. */
  readonly replacedBy: string | null;
};

/** Which tokens are meant: one, those of a group, or all. */
export type Which =
  | { readonly id: string }
  | { readonly account: number }
  | "all";

/** Whether a token is taken now, as far as its row tells. */
export function isLive(
  { revokedAt, expiresAt }: Pick<KeptToken, "revokedAt" | "expiresAt">,
  now: number,
): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** A token's state, in one word. */
export function stateOf(
  token: Pick<KeptToken, "revokedAt" | "expiresAt">,
  now: number,
): "live" | "revoked" | "expired" {
  if (token.revokedAt !== null) return "revoked";
  return isLive(token, now) ? "live" : "expired";
}

/** How long a token may lie unused before its owners are told. */
const unusedMs = 90 * 24 * 3_600_000;

/** Whether a token should be asked after: live, and not used for 90 days. */
export function isForgotten(token: KeptToken, now: number): boolean {
  return isLive(token, now) &&
    (token.lastUsedAt ?? token.createdAt) <= now - unusedMs;
}

/** A token by its id. */
export async function findToken(
  database: Database,
  id: string,
): Promise<KeptToken | null> {
  const [row] = await database.query(
    sql`select * from bearer_token where jti = ${id}`,
  );
  return row ? toKeptToken(row) : null;
}

/** Tokens of some accounts or of all (null), the newest first. */
export async function findTokens(
  database: Database,
  { accounts, before = null, limit = -1 }: {
    readonly accounts: readonly number[] | null;
    /** Only those after this id in the list. */
    readonly before?: string | null;
    readonly limit?: number;
  },
): Promise<KeptToken[]> {
  const isBehind = before === null ? nothing : sql`and (created_at, jti) <
      (select created_at, jti from bearer_token where jti = ${before})`;
  const newest = sql`order by created_at desc, jti desc limit ${limit}`;
  // Of each account the newest, by the index, rather than all of each to be sorted.
  const rows = await database.query(
    accounts === null
      ? sql`select * from bearer_token where true ${isBehind} ${newest}`
      : sql`
        select bearer_token.* from json_each(${
        JSON.stringify(accounts)
      }) as owned, bearer_token
        where jti in (select jti from bearer_token
          where account = owned.value ${isBehind} ${newest})
        ${newest}`,
  );
  return rows.map(toKeptToken);
}

/** Revokes tokens; what was revoked before stays as it is, and does not count as a change. */
export function revokeTokens(which: Which, now: number): Statement {
  const those = which === "all"
    ? nothing
    : "id" in which
    ? sql`and jti = ${which.id}`
    : sql`and account = ${which.account}`;
  return sql`
    update bearer_token set revoked_at = ${now}
    where revoked_at is null ${those}`;
}

/**
 * Lets a token end at a time, and names its successor. It changes nothing when
 * the token is not live, or has a successor that was not revoked.
 */
export function replaceToken(
  { id, by, endsAt, now }: {
    readonly id: string;
    readonly by: string;
    readonly endsAt: number;
    readonly now: number;
  },
): Statement {
  return sql`
    update bearer_token set replaced_by = ${by},
      expires_at = min(coalesce(expires_at, ${endsAt}), ${endsAt})
    where jti = ${id} and revoked_at is null
      and (expires_at is null or expires_at > ${now})
      and not exists (select 1 from bearer_token as successor
        where successor.jti = bearer_token.replaced_by
          and successor.revoked_at is null)`;
}

function toKeptToken(row: Row): KeptToken {
  return {
    id: String(row.jti),
    account: Number(row.account),
    scope: row.scopes === null ? null : parseScope(String(row.scopes)),
    limits: readLimits(row.limits),
    description: String(row.description),
    createdAt: Number(row.created_at),
    createdBy: toText(row.created_by),
    expiresAt: toTime(row.expires_at),
    revokedAt: toTime(row.revoked_at),
    lastUsedAt: toTime(row.last_used_at),
    kid: toText(row.kid),
    replacedBy: toText(row.replaced_by),
  };
}

/** The column `limits`. */
export function readLimits(value: Row[string] | undefined): readonly Limit[] {
  return typeof value === "string" ? JSON.parse(value) as Limit[] : [];
}

function toTime(value: Row[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function toText(value: Row[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
