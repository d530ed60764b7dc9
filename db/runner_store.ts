import { type Database, sql } from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";
import type { Offer } from "../core/label.ts";

/** A registered runner. */
export type Runner = {
  readonly id: string;
  readonly name: string;
  readonly offers: readonly Offer[];
  /** Epoch ms; about when it last claimed. */
  readonly seenAt: number;
};

/** Between two notes that a runner was seen. */
const touchEveryMs = 10_000;

/** Runners and what they offer. */
export class RunnerStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async register(
    runner: Omit<Runner, "seenAt"> & { token: string; version: string },
  ): Promise<void> {
    const now = this.#now();
    await this.#database.batch([sql`
      insert into runner (id, name, token_sha256, offers, version, registered_at, seen_at)
      values (${runner.id}, ${runner.name}, ${await sha256Hex(runner.token)}, ${
      JSON.stringify(runner.offers)
    },
        ${runner.version}, ${now}, ${now})`]);
  }

  async findByToken(token: string): Promise<Runner | null> {
    const [row] = await this.#database.query(sql`
      select id, name, offers, seen_at from runner where token_sha256 = ${await sha256Hex(
      token,
    )}`);
    if (!row) return null;
    return {
      id: String(row.id),
      name: String(row.name),
      offers: JSON.parse(String(row.offers)) as Offer[],
      seenAt: Number(row.seen_at),
    };
  }

  /** Notes that the runner is there; only now and then, since it costs a write. */
  async touch(runner: Runner): Promise<void> {
    const now = this.#now();
    if (runner.seenAt > now - touchEveryMs) return;
    await this.#database.batch([
      sql`update runner set seen_at = ${now} where id = ${runner.id}`,
    ]);
  }

  /** What the runners offer that were seen since the given time (epoch ms). */
  async liveOffers(since: number): Promise<Offer[]> {
    const rows = await this.#database.query(
      sql`select offers from runner where seen_at >= ${since}`,
    );
    return rows.flatMap((row) => JSON.parse(String(row.offers)) as Offer[]);
  }
}
