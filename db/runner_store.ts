import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";
import type { Offer } from "../core/label.ts";

/** A registered runner. Times are epoch ms. */
export type Runner = {
  readonly id: string;
  readonly name: string;
  readonly offers: readonly Offer[];
  readonly version: string;
  readonly registeredAt: number;
  /** About when it last claimed. */
  readonly seenAt: number;
  /** Null: it gets work. */
  readonly pausedAt: number | null;
  /** Null: its token is good. */
  readonly revokedAt: number | null;
};

/** Between two notes that a runner was seen. */
const touchEveryMs = 10_000;

/** How long the token before a renewed one still holds: the answer with the new one may have been lost. */
export const renewalGraceMs = 300_000;

/** Runners and what they offer. */
export class RunnerStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async register(
    runner: Pick<Runner, "id" | "name" | "offers" | "version"> & {
      token: string;
    },
  ): Promise<void> {
    const now = this.#now();
    await this.#database.batch([sql`
      insert into runner (id, name, token_sha256, offers, version, registered_at, seen_at)
      values (${runner.id}, ${runner.name}, ${await sha256Hex(runner.token)}, ${
      JSON.stringify(runner.offers)
    },
        ${runner.version}, ${now}, ${now})`]);
  }

  /** The runner whose token it is, or was until a moment ago; never a revoked one. */
  async findByToken(token: string): Promise<Runner | null> {
    const sha256 = await sha256Hex(token);
    const [row] = await this.#database.query(sql`
      select * from runner where (token_sha256 = ${sha256} or
        (former_sha256 = ${sha256} and former_until > ${this.#now()})) and revoked_at is null`);
    return row ? toRunner(row) : null;
  }

  /**
   * Gives a runner another token. The one that it came with holds on for a
   * while; one that it was given before and never used does not.
   */
  async renew(id: string, token: string, next: string): Promise<void> {
    const sha256 = await sha256Hex(token);
    const until = this.#now() + renewalGraceMs;
    await this.#database.batch([sql`
      update runner set token_sha256 = ${await sha256Hex(next)},
        former_sha256 = ${sha256},
        former_until = case token_sha256 when ${sha256} then ${until} else former_until end
      where id = ${id} and revoked_at is null`]);
  }

  /** Notes that the runner is there; only now and then, since it costs a write. */
  async touch(runner: Runner): Promise<void> {
    const now = this.#now();
    if (runner.seenAt > now - touchEveryMs) return;
    await this.#database.batch([
      sql`update runner set seen_at = ${now} where id = ${runner.id}`,
    ]);
  }

  /** What the runners offer that were seen since the given time (epoch ms) and get work. */
  async liveOffers(since: number): Promise<Offer[]> {
    const rows = await this.#database.query(sql`
      select offers from runner
      where seen_at >= ${since} and paused_at is null and revoked_at is null`);
    return rows.flatMap((row) => JSON.parse(String(row.offers)) as Offer[]);
  }

  /** Runners that were seen since a time, or all; the one that was seen last is first. */
  async list(since: number | null): Promise<Runner[]> {
    const rows = await this.#database.query(sql`
      select * from runner ${
      since === null ? nothing : sql`where seen_at >= ${since}`
    } order by seen_at desc, id desc`);
    return rows.map(toRunner);
  }

  async find(id: string): Promise<Runner | null> {
    const [row] = await this.#database.query(
      sql`select * from runner where id = ${id}`,
    );
    return row ? toRunner(row) : null;
  }

  /** A paused runner keeps what it has and gets nothing new. Null: there is no such runner. */
  pause(id: string): Promise<Runner | null> {
    return this.#change(
      id,
      sql`paused_at = coalesce(paused_at, ${this.#now()})`,
    );
  }

  async resume(id: string): Promise<Runner | null> {
    return await this.#change(id, sql`paused_at = null`);
  }

  /**
   * Shuts a runner out. Its attempts lose their tokens and their leases in the
   * same write, so that its runs go to others with the next look at the leases.
   */
  async revoke(id: string): Promise<Runner | null> {
    const now = this.#now();
    return await this.#change(
      id,
      sql`revoked_at = coalesce(revoked_at, ${now})`,
      sql`update run set attempt_sha256 = '', lease_until = 0, grace_until = 0
        where runner_id = ${id} and state in ('claimed', 'running')`,
    );
  }

  async #change(
    id: string,
    change: Statement,
    ...also: readonly Statement[]
  ): Promise<Runner | null> {
    const [changed] = await this.#database.batch([
      sql`update runner set ${change} where id = ${id} returning *`,
      ...also,
    ]);
    const row = changed?.rows[0];
    return row ? toRunner(row) : null;
  }
}

function toRunner(row: Row): Runner {
  const time = (value: Row[string] | undefined) =>
    value === null || value === undefined ? null : Number(value);
  return {
    id: String(row.id),
    name: String(row.name),
    offers: JSON.parse(String(row.offers)) as Offer[],
    version: String(row.version),
    registeredAt: Number(row.registered_at),
    seenAt: Number(row.seen_at),
    pausedAt: time(row.paused_at),
    revokedAt: time(row.revoked_at),
  };
}
