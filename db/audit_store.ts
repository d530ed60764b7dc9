import type { AuditEntry, AuditLine } from "../core/audit.ts";
import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";

/** Which lines to list. Every field narrows; times are epoch ms. */
export type AuditFilter = {
  readonly principal?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  /** Only lines older than this one: where the page before ended. */
  readonly before?: Pick<AuditLine, "at" | "id"> | undefined;
  readonly limit: number;
};

/** Who changed what. Lines are added, never changed; old ones may be dropped, which the schema holds to 90 days. */
export class AuditStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** The lines of an entry, for the batch that makes the change. */
  lines(entry: AuditEntry): Statement {
    const { principal, via, credential, action, source, outcome } = entry;
    const into = sql`
      insert into audit (at, principal, via, credential, action, source, outcome, request_id, target)`;
    const common =
      sql`${this.#now()}, ${principal}, ${via}, ${credential}, ${action}, ${source}, ${outcome}, ${entry.requestId}`;
    const [target = null, ...more] = entry.targets;
    // The usual case, and the quicker statement.
    if (more.length === 0) return sql`${into} values (${common}, ${target})`;
    return sql`${into} select ${common}, value
      from json_each(${JSON.stringify(entry.targets)}) order by key`;
  }

  /** Writes an entry by itself. */
  async record(entry: AuditEntry): Promise<void> {
    await this.#database.batch([this.lines(entry)]);
  }

  /** The newest first. */
  async list(filter: AuditFilter): Promise<AuditLine[]> {
    const limit = { text: `limit ${Math.trunc(filter.limit)}`, values: [] };
    const rows = await this.#database.query(sql`
      select * from audit where ${
      where(filter)
    } order by at desc, id desc ${limit}`);
    return rows.map(toLine);
  }

  /**
   * Drops lines from before a time, and says how many.
   *
   * @throws Error when it lies within the last 90 days.
   */
  async prune(before: number): Promise<number> {
    const [pruned] = await this.#database.batch([
      sql`delete from audit where at < ${before}`,
    ]);
    return pruned?.changes ?? 0;
  }
}

function where(filter: AuditFilter): Statement {
  const { principal, action, target, from, to, before } = filter;
  const conditions = [
    ...(principal === undefined ? [] : [sql`principal = ${principal}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(target === undefined ? [] : [sql`target = ${target}`]),
    ...(from === undefined ? [] : [sql`at >= ${from}`]),
    ...(to === undefined ? [] : [sql`at < ${to}`]),
    ...(before === undefined
      ? []
      : [sql`(at, id) < (${before.at}, ${before.id})`]),
  ];
  return conditions.reduce(
    (all, one, index) => index === 0 ? one : sql`${all} and ${one}`,
    conditions.length === 0 ? sql`1 = 1` : nothing,
  );
}

function toLine(row: Row): AuditLine {
  const text = (column: string) => {
    const value = row[column] ?? null;
    return value === null ? null : String(value);
  };
  return {
    id: Number(row.id),
    at: Number(row.at),
    principal: text("principal"),
    via: text("via"),
    credential: text("credential"),
    action: String(row.action),
    target: text("target"),
    source: text("source"),
    outcome: String(row.outcome),
    requestId: text("request_id"),
  };
}
