import { openSqlite } from "./embedded.ts";

/** Held by the one server that owns an embedded database file. */
export type ServerLock = { release(): void };

/** Whom a second server is told of; `url` is null when it is not known where the first one listens. */
export type ServerProcess = {
  readonly pid: number;
  readonly url: string | null;
};

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

type Sqlite = ReturnType<typeof openSqlite>;

/**
 * Makes this process the one server of a database file. The lock is a write
 * transaction on a small file beside it, so it ends with the process, however
 * that ends. Scripts do not take it: they may write beside a server.
 *
 * @throws Error that names the server which has the file, or says why the lock cannot be taken.
 */
export function lockForServer(file: string, self: ServerProcess): ServerLock {
  if (file === ":memory:") return { release: () => {} };
  let sqlite: Sqlite | null = null;
  try {
    sqlite = openSqlite(`${file}-server`);
    take(sqlite, self);
  } catch (error) {
    const holder = sqlite && isBusy(error) ? readHolder(sqlite) : null;
    sqlite?.close();
    throw new Error(
      holder === null
        ? `Cannot start: ${file}-server, which keeps a second server away from ${file}, cannot be written (${
          error instanceof Error ? error.message : error
        }); set SLIPWAY_DATA (or DATABASE_URL) to a place where this user may write`
        : `Cannot start: another Slipway server${holder} has ${file} open; ` +
          "stop it, or set SLIPWAY_DATA to another folder for this one",
      { cause: error },
    );
  }
  const taken = sqlite;
  return { release: () => taken.close() };
}

/** Prepared statements: only those say with which code they failed. */
function take(sqlite: Sqlite, self: ServerProcess): void {
  const run = (text: string, ...values: (string | number | null)[]) =>
    sqlite.prepare(text).run(...values);
  run("begin immediate");
  run("create table if not exists holder (pid integer, url text)");
  run("delete from holder");
  run("insert into holder values (?, ?)", self.pid, self.url);
  run("commit");
  run("begin immediate");
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error &&
    typeof error.errcode === "number" &&
    (error.errcode & 0xff) === SQLITE_BUSY;
}

function readHolder(sqlite: Sqlite): string {
  try {
    const holder = sqlite.prepare("select pid, url from holder").get();
    if (!holder) return "";
    const where = holder.url === null ? "" : `, ${holder.url}`;
    return ` (process ${holder.pid}${where})`;
  } catch {
    return "";
  }
}
