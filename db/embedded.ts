import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  ConstraintError,
  type Database,
  type Result,
  type Row,
  type SqlValue,
  type Statement,
} from "../core/database.ts";
import { ApiError } from "../core/error.ts";
import { bind } from "./bind.ts";
import { GroupCommit, type Settled } from "./group_commit.ts";

/** How long a write waits for another process to finish its own. */
const busyTimeoutMs = 5_000;

/** Prepared statements that are kept. */
const maxPrepared = 500;

/**
 * Opens the embedded database: `node:sqlite` on a file, or `:memory:`.
 * WAL with `synchronous=FULL`: what a promise confirmed survives power loss.
 */
export function openEmbedded(path: string): Database {
  return new EmbeddedDatabase(openSqlite(path));
}

/**
 * Opens a file with `node:sqlite`. The module is asked for at run time, so
 * that a bundle for the edge, where it does not exist, still loads.
 */
export function openSqlite(path: string): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  return new DatabaseSync(path, { timeout: 0 });
}

class EmbeddedDatabase implements Database {
  readonly #sqlite: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  readonly #schemaVersion: StatementSync;
  #preparedFor = "";
  readonly #writes = new GroupCommit(
    (batches) => this.#commit(batches),
    () => new Promise((resolve) => setImmediate(resolve)),
  );

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
    // Opening waits for a writer in another process; afterwards no wait blocks the event loop.
    sqlite.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    sqlite.exec("pragma journal_mode = wal");
    sqlite.exec("pragma synchronous = full");
    sqlite.exec("pragma foreign_keys = on");
    sqlite.exec("pragma busy_timeout = 0");
    this.#schemaVersion = sqlite.prepare("pragma schema_version");
  }

  // deno-lint-ignore require-await -- a throw must become a rejection
  async query(statement: Statement): Promise<readonly Row[]> {
    try {
      this.#followSchema();
      return this.#execute(statement).rows;
    } catch (error) {
      throw translate(error);
    }
  }

  batch(statements: readonly Statement[]): Promise<readonly Result[]> {
    return this.#writes.submit(statements);
  }

  close(): void {
    this.#prepared.clear();
    this.#sqlite.close();
  }

  async #commit(
    batches: readonly (readonly Statement[])[],
  ): Promise<readonly Settled[]> {
    await this.#begin();
    try {
      const settled = batches.map((batch) => this.#writeOne(batch));
      this.#run("commit");
      return settled;
    } catch (error) {
      if (this.#sqlite.isTransaction) this.#run("rollback");
      throw translate(error);
    }
  }

  /** Takes the write lock, waiting for another process without blocking the event loop. */
  async #begin(): Promise<void> {
    const waitsMs = [1, 2, 5, 10, 20, 50];
    let waitedMs = 0;
    for (let turn = 0;; turn++) {
      try {
        this.#run("begin immediate");
        this.#followSchema();
        return;
      } catch (error) {
        if (!isBusy(error) || waitedMs >= busyTimeoutMs) throw translate(error);
        const waitMs = waitsMs[Math.min(turn, waitsMs.length - 1)] ?? 50;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        waitedMs += waitMs;
      }
    }
  }

  #writeOne(batch: readonly Statement[]): Settled {
    this.#run("savepoint one");
    try {
      const results = batch.map((statement) => this.#execute(statement));
      this.#run("release one");
      return { ok: true, results };
    } catch (error) {
      // A full disk and the like roll back the whole transaction: then nobody's batch is written.
      if (!this.#sqlite.isTransaction) throw error;
      this.#run("rollback to one");
      this.#run("release one");
      return { ok: false, error: translate(error) };
    }
  }

  /** Forgets what was prepared before another process changed a table: its answers have other columns now. */
  #followSchema(): void {
    const version = String(this.#schemaVersion.get()?.schema_version);
    if (version === this.#preparedFor) return;
    this.#prepared.clear();
    this.#preparedFor = version;
    // Only a step finds out that the connection's own picture of the tables is old.
    this.#sqlite.exec("select 1 from sqlite_schema limit 1");
  }

  /** Prepared, since only those say with which code they failed. */
  #run(text: string): void {
    this.#prepare(text).prepared.run();
  }

  #execute(statement: Statement): Result {
    const { prepared, columns } = this.#prepare(statement.text);
    const values = statement.values.map(bind);
    if (columns.length === 0) {
      const { changes } = prepared.run(...values);
      // The columns of what was prepared before may be others now.
      if (/^\s*alter\b/i.test(statement.text)) this.#prepared.clear();
      return { rows: [], changes: Number(changes) };
    }
    const found = prepared.all(...values) as unknown[] as SqlValue[][];
    return { rows: toRows(columns, found), changes: found.length };
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known) return known;
    const prepared = this.#sqlite.prepare(text) as ArrayStatement;
    prepared.setReturnArrays(true);
    const entry = { prepared, columns: columnsOf(prepared) };
    if (this.#prepared.size >= maxPrepared) this.#prepared.clear();
    this.#prepared.set(text, entry);
    return entry;
  }
}

/** What Node's types do not have yet. */
type ArrayStatement = StatementSync & {
  setReturnArrays(enabled: boolean): void;
};

type Prepared = {
  readonly prepared: StatementSync;
  /** Names of what it answers, in order; empty when it answers nothing. */
  readonly columns: readonly string[];
};

function columnsOf(prepared: StatementSync): string[] {
  return prepared.columns().map(({ name }) => name);
}

/**
 * Rows by column name. Copies of one template have its shape, so that reading
 * a column of them is several times faster than of SQLite's own objects.
 */
function toRows(
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Row[] {
  const template = Object.fromEntries(columns.map((name) => [name, null]));
  return rows.map((values) => {
    const row: Record<string, SqlValue> = { ...template };
    columns.forEach((name, index) => row[name] = values[index] ?? null);
    return row;
  });
}

function sqliteCode(error: unknown): number | null {
  return error instanceof Error && "errcode" in error &&
      typeof error.errcode === "number"
    ? error.errcode & 0xff
    : null;
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 5 || code === 6;
}

function translate(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === 19) return new ConstraintError(String(error), { cause: error });
  // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN: the store cannot serve now.
  if (code !== null && [5, 6, 8, 10, 13, 14].includes(code)) {
    return new ApiError(
      "unavailable",
      "Cannot reach the store: it is busy or cannot be written to, try again",
      {
        headers: { "retry-after": "1" },
        cause: error,
      },
    );
  }
  return error;
}
