import {
  createClient,
  type InStatement,
  type ResultSet,
} from "@libsql/client/web";
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

/** Where a libSQL server is. */
export type RemoteOptions = {
  /** `libsql:`, `https:` or `http:`. */
  readonly url: string;
  readonly authToken?: string | undefined;
  readonly fetch?: typeof fetch;
};

/**
 * Opens a database on a libSQL server (Turso, sqld) over HTTP.
 * Each verb is one round trip with a client of its own, since at the edge an
 * I/O object may not outlive its request. Writes go out one at a time: sqld
 * stops answering under many concurrent writers.
 */
export function openRemote(options: RemoteOptions): Database {
  const writes = new GroupCommit((batches) => commit(options, batches));
  return {
    query: (statement) =>
      withClient(
        options,
        "read",
        async (client) =>
          toResult(await client.execute(toInput(statement))).rows,
      ),
    batch: (statements) => writes.submit(statements),
    close: () => {},
  };
}

type Client = ReturnType<typeof createClient>;

async function withClient<T>(
  options: RemoteOptions,
  verb: "read" | "write",
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = createClient({
    url: options.url,
    intMode: "number",
    ...(options.authToken === undefined
      ? {}
      : { authToken: options.authToken }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  try {
    return await use(client);
  } catch (error) {
    throw translate(error, verb);
  } finally {
    client.close();
  }
}

/** Tries all batches in one commit; when one of them breaks a constraint, each goes by itself. */
async function commit(
  options: RemoteOptions,
  batches: readonly (readonly Statement[])[],
): Promise<readonly Settled[]> {
  try {
    const results = await write(options, batches.flat());
    let at = 0;
    return batches.map((batch) => ({
      ok: true,
      results: results.slice(at, at += batch.length),
    }));
  } catch (error) {
    // A server that fell silent may have committed all the same, and a full disk takes no part either: never write again blindly.
    if (batches.length === 1 || error instanceof ApiError) {
      return batches.map(() => ({ ok: false, error }));
    }
  }
  const settled: Settled[] = [];
  for (const batch of batches) settled.push(...await commit(options, [batch]));
  return settled;
}

function write(
  options: RemoteOptions,
  statements: readonly Statement[],
): Promise<Result[]> {
  return withClient(
    options,
    "write",
    async (client) =>
      (await client.batch(statements.map(toInput), "write")).map(toResult),
  );
}

function toInput(statement: Statement): InStatement {
  return { sql: statement.text, args: statement.values.map(bind) };
}

function toResult(result: ResultSet): Result {
  const rows: Row[] = result.rows.map((row) =>
    Object.fromEntries(
      result.columns.map((column, index) => [column, toValue(row[index])]),
    )
  );
  return {
    rows,
    changes: result.columns.length > 0 ? rows.length : result.rowsAffected,
  };
}

function toValue(
  value: ResultSet["rows"][number][number] | undefined,
): SqlValue {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value === "bigint") return Number(value);
  return value ?? null;
}

/** What the server says when it cannot serve now: nothing was written. */
const unserved = [
  "SQLITE_BUSY",
  "SQLITE_LOCKED",
  "SQLITE_READONLY",
  "SQLITE_IOERR",
  "SQLITE_FULL",
  "SQLITE_CANTOPEN",
  "BLOCKED",
];

/** The server's verdict on a statement has a SQLite code; whatever else fails is the way to the server. */
function translate(error: unknown, verb: "read" | "write"): unknown {
  const code = error instanceof Error && "code" in error
    ? String(error.code)
    : "";
  if (code.startsWith("SQLITE_CONSTRAINT")) {
    return new ConstraintError(String(error), { cause: error });
  }
  if (unserved.some((known) => code.startsWith(known))) {
    return unavailable(
      "Cannot reach the store: it is busy or cannot be written to, try again",
      error,
    );
  }
  if (code.startsWith("SQLITE_") || code.startsWith("SQL_")) return error;
  return unavailable(
    verb === "read"
      ? "Cannot reach the store: the database server does not answer, try again"
      : "Cannot tell whether the request was carried out: the database server did not answer; look before you send it again",
    error,
  );
}

function unavailable(message: string, cause: unknown): ApiError {
  return new ApiError("unavailable", message, {
    headers: { "retry-after": "1" },
    cause,
  });
}
