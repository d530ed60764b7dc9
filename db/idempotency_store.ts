import { type Database, sql, type Statement } from "../core/database.ts";

/** How long a key is remembered. */
export const rememberedMs = 24 * 60 * 60 * 1000;

/** After this a request that left no trace has died with its server. */
const abandonedMs = 60_000;

/** A request that must be carried out at most once. */
export type Once = {
  readonly account: number;
  readonly key: string;
  /** Of method, path, the headers that shape the answer, and body. */
  readonly requestSha256: string;
};

/** A request that has taken its key. */
export type Claim = Once & {
  /** Epoch ms; tells this claim from a later one of the same key. */
  readonly claimedAt: number;
};

/** An answer that is kept for a repetition. */
export type KeptAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Whether a request may be carried out. */
export type Admission =
  | { readonly kind: "first"; readonly claim: Claim }
  | { readonly kind: "answered"; readonly answer: KeptAnswer }
  | { readonly kind: "running" }
  /** The runs were made, but the server died before its answer was kept. */
  | { readonly kind: "unanswered"; readonly runIds: readonly string[] }
  | { readonly kind: "other_request" };

/** Remembers requests that carried an Idempotency-Key. */
export class IdempotencyStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Takes the key for this request, unless it was taken before. */
  async admit(once: Once): Promise<Admission> {
    const now = this.#now();
    const { account, key, requestSha256 } = once;
    const mine = sql`account = ${account} and key = ${key}`;
    const [, , inserted] = await this.#database.batch([
      sql`delete from idempotency where created_at < ${now - rememberedMs}`,
      sql`delete from idempotency where ${mine} and created_at < ${
        now - abandonedMs
      }
            and status is null and run_ids is null`,
      sql`insert into idempotency (account, key, request_sha256, created_at)
          values (${account}, ${key}, ${requestSha256}, ${now}) on conflict (account, key) do nothing`,
    ]);
    if (inserted?.changes === 1) {
      return { kind: "first", claim: { ...once, claimedAt: now } };
    }
    const [row] = await this.#database.query(
      sql`select * from idempotency where ${mine}`,
    );
    if (row === undefined) return { kind: "running" };
    if (row.request_sha256 !== requestSha256) return { kind: "other_request" };
    if (row.status !== null) {
      const headers = JSON.parse(String(row.headers)) as Record<string, string>;
      return {
        kind: "answered",
        answer: { status: Number(row.status), headers, body: String(row.body) },
      };
    }
    if (row.run_ids === null || Number(row.created_at) >= now - abandonedMs) {
      return { kind: "running" };
    }
    return {
      kind: "unanswered",
      runIds: JSON.parse(String(row.run_ids)) as string[],
    };
  }

  /**
   * For the batch that makes the request's runs: with them it is known that they
   * were made. A write that comes so late that a repetition has taken the key
   * breaks a constraint, so that its runs are not made beside the repetition's.
   */
  made(claim: Claim, runIds: readonly string[]): Statement {
    const { account, key, requestSha256, claimedAt } = claim;
    return sql`
      insert into idempotency (account, key, request_sha256, created_at, run_ids)
      values (${account}, ${key}, ${requestSha256}, ${claimedAt}, ${
      JSON.stringify(runIds)
    })
      on conflict (account, key) do update set run_ids = excluded.run_ids,
        request_sha256 = case when created_at = excluded.created_at then request_sha256 end`;
  }

  async keep(claim: Claim, answer: KeptAnswer): Promise<void> {
    await this.#database.batch([sql`
      update idempotency set status = ${answer.status}, headers = ${
      JSON.stringify(answer.headers)
    }, body = ${answer.body}
      where ${own(claim)}`]);
  }

  /** Gives the key back: the request came to nothing. */
  async forget(claim: Claim): Promise<void> {
    await this.#database.batch([
      sql`delete from idempotency where ${own(claim)} and run_ids is null`,
    ]);
  }
}

function own({ account, key, claimedAt }: Claim): Statement {
  return sql`account = ${account} and key = ${key} and created_at = ${claimedAt}`;
}
