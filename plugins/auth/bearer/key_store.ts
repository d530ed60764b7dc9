import {
  type Database,
  type Row,
  sql,
  type Statement,
} from "../../../core/database.ts";
import type { HeldKey, PublicJwk } from "./signing_key.ts";

/** The public half of a key that tokens were signed with, as it is kept for all servers. */
export type KeptKey = {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly createdAt: number;
  /** Null: its tokens are good. */
  readonly retiredAt: number | null;
};

/** Every key that was kept, the newest first. */
export async function findKeys(database: Database): Promise<KeptKey[]> {
  const rows = await database.query(
    sql`select * from bearer_key order by created_at desc, kid`,
  );
  return rows.map(toKeptKey);
}

/** Keeps a key's public half, so that every server knows its tokens. A kept one stays as it is. */
export function keepKey(
  { kid, publicJwk }: Pick<HeldKey, "kid" | "publicJwk">,
  now: number,
): Statement {
  return sql`
    insert into bearer_key (kid, x, created_at)
    values (${kid}, ${publicJwk.x}, ${now}) on conflict (kid) do nothing`;
}

/** Ends every token that the key has signed, at once and everywhere. */
export function retireKey(kid: string, now: number): Statement {
  return sql`
    update bearer_key set retired_at = coalesce(retired_at, ${now})
    where kid = ${kid}`;
}

/** Says of tokens that were made before there were several keys which one has signed them. */
export function adoptTokens(kid: string): Statement {
  return sql`update bearer_token set kid = ${kid} where kid is null`;
}

/** How many live tokens each key has signed. */
export async function countLiveTokens(
  database: Database,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query(sql`
    select kid, count(*) as tokens from bearer_token
    where revoked_at is null and (expires_at is null or expires_at > ${now})
    group by kid`);
  return new Map(rows.map((row) => [String(row.kid), Number(row.tokens)]));
}

function toKeptKey(row: Row): KeptKey {
  return {
    kid: String(row.kid),
    publicJwk: { kty: "OKP", crv: "Ed25519", x: String(row.x) },
    createdAt: Number(row.created_at),
    retiredAt: row.retired_at === null ? null : Number(row.retired_at),
  };
}
