import type { AuditPage, AuditReader } from "../core/administration.ts";
import type { AuditEntry, AuditFilter, AuditLine } from "../core/audit.ts";
import {
  type Database,
  nothing,
  type Row,
  sql,
  type Statement,
} from "../core/database.ts";

/** Who changed what. Lines are added, never changed; old ones may be dropped, which the schema holds to 90 days. */
export class AuditStore implements AuditReader {
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
    const rows = await this.#database.query(sql`
      select * from audit where ${where(filter)} order by at desc, id desc ${
      atMost(filter.limit)
    }`);
    return rows.map(toLine);
  }

  /**
   * Walks the lines of the field that narrows most, by its index, and keeps
   * those that the other fields let through.
   */
  async search(filter: AuditFilter, scanned: number): Promise<AuditPage> {
    const { limit } = filter;
    const [walked, others] = split(filter);
    const walk = sql`select * from audit where ${
      where(walked)
    } order by at desc, id desc ${atMost(scanned)}`;
    const rows = await this.#database.query(sql`
      select * from (${walk}) where ${where(others)}
      order by at desc, id desc ${atMost(limit + 1)}`);
    const lines = rows.slice(0, limit).map(toLine);
    const last = lines.at(-1);
    if (rows.length > limit && last) return { lines, next: last };
    const [end] = await this.#database.query(sql`
      select at, id from (${walk}) ${atMost(1, scanned - 1)}`);
    return {
      lines,
      next: end ? { at: Number(end.at), id: Number(end.id) } : null,
    };
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

/** The field to walk by, with the span of time, and the fields that are left. Targets are few lines each, refusals few in all. */
function split(filter: AuditFilter): readonly [Narrowing, Narrowing] {
  const { principal, action, target, outcome, from, to, before } = filter;
  const span = { from, to, before };
  if (target !== undefined) {
    return [{ ...span, target }, { principal, action, outcome }];
  }
  if (outcome !== undefined && outcome !== "done") {
    return [{ ...span, outcome }, { principal, action }];
  }
  return principal === undefined
    ? [{ ...span, action }, { outcome }]
    : [{ ...span, principal }, { action, outcome }];
}

type Narrowing = Omit<AuditFilter, "limit">;

/** Written out, since SQLite prepares a statement anew each time a bound limit is set. */
function atMost(limit: number, offset = 0): Statement {
  const text = `limit ${Math.trunc(limit)} offset ${Math.trunc(offset)}`;
  return { text, values: [] };
}

function where(filter: Narrowing): Statement {
  const { principal, action, target, outcome, from, to, before } = filter;
  const conditions = [
    ...(principal === undefined ? [] : [sql`principal = ${principal}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(target === undefined ? [] : [sql`target = ${target}`]),
    ...(outcome === undefined ? [] : [isOutcome(outcome)]),
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

/** The index of refusals holds no line of another kind. */
function isOutcome(outcome: string): Statement {
  return outcome === "done"
    ? sql`outcome = 'done'`
    : sql`outcome = ${outcome} and outcome <> 'done'`;
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
