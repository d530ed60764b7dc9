import { sourceOf } from "../core/address.ts";
import { type Database, sql, type Statement } from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";
import {
  delayMs,
  mustWait,
  namePatience,
  type SignIn,
  type SignIns,
  sourcePatience,
  unknownSourcePatience,
} from "../core/sign_in_attempt.ts";

/** A name's wrong passwords are forgotten after so long without another. */
const forgetMs = 3_600_000;

/** A source is forgiven one wrong password each so long. */
const forgiveMs = 60_000;

/**
 * Wrong passwords, counted in the store, so that every server knows of them. A
 * check of a password costs far more than the write of a wrong one.
 */
export class SignInStore implements SignIns {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async attempt(
    { source, name }: SignIn,
    verify: () => Promise<boolean>,
  ): Promise<boolean> {
    const from = source === null ? null : sourceOf(source);
    const nameKey = await sha256Hex(JSON.stringify([from, name]));
    const sourceKey = from === null ? null : await sha256Hex(from);
    const namesFailures = await this.#requirePatience(
      nameKey,
      sourceKey,
    );
    const isRight = await verify();
    const now = this.#now();
    if (!isRight) await this.#database.batch(failed(nameKey, sourceKey, now));
    else if (namesFailures > 0) {
      await this.#database.batch([
        sql`delete from failed_sign_in where key = ${nameKey}`,
      ]);
    }
    return isRight;
  }

  /** Resolves to the wrong passwords that are remembered of the name. */
  async #requirePatience(
    nameKey: string,
    sourceKey: string | null,
  ): Promise<number> {
    const now = this.#now();
    const rows = await this.#database.query(sql`
      select key, failures, failed_at from failed_sign_in where key in (${nameKey}, ${sourceKey})`);
    let [ofName, waitMs] = [0, 0];
    for (const row of rows) {
      const [failures, at] = [Number(row.failures), Number(row.failed_at)];
      const isName = row.key === nameKey;
      const left = isName
        ? now - at > forgetMs ? 0 : failures
        : failures - Math.floor((now - at) / forgiveMs);
      const patience = !isName
        ? sourcePatience
        : sourceKey === null
        ? unknownSourcePatience
        : namePatience;
      waitMs = Math.max(waitMs, at + delayMs(left, patience) - now);
      if (isName) ofName = failures;
    }
    if (waitMs > 0) throw mustWait(waitMs);
    return ofName;
  }
}

function failed(
  nameKey: string,
  sourceKey: string | null,
  now: number,
): Statement[] {
  const add = (key: string, failures: Statement) =>
    sql`
    insert into failed_sign_in (key, failures, failed_at) values (${key}, 1, ${now})
    on conflict (key) do update set failed_at = excluded.failed_at, failures = 1 + ${failures}`;
  return [
    // By then a source is forgiven what it could have gathered.
    sql`delete from failed_sign_in where failed_at < ${now - forgetMs}`,
    add(nameKey, sql`failures`),
    ...(sourceKey === null ? [] : [
      add(
        sourceKey,
        sql`max(0, failures - (${now} - failed_at) / ${forgiveMs})`,
      ),
    ]),
  ];
}
