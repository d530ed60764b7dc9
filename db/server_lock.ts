import { openSqlite } from "./embedded.ts";

/** Held by the one server that owns an embedded database file. */
export type ServerLock = { release(): void };

/**
 * Makes this process the one server of a database file. The lock is a write
 * transaction on a small file beside it, so it ends with the process, however
 * that ends. Scripts do not take it: they may write beside a server.
 *
 * @throws Error that names the server which has the file.
 */
export function lockForServer(
  file: string,
  self: { pid: number; url: string },
): ServerLock {
  if (file === ":memory:") return { release: () => {} };
  const sqlite = openSqlite(`${file}-server`);
  try {
    sqlite.exec("begin immediate");
    sqlite.exec("create table if not exists holder (pid integer, url text)");
    sqlite.exec("delete from holder");
    sqlite.prepare("insert into holder values (?, ?)").run(self.pid, self.url);
    sqlite.exec("commit");
    sqlite.exec("begin immediate");
  } catch (error) {
    const holder = readHolder(sqlite);
    sqlite.close();
    throw new Error(
      `Cannot start: another Slipway server${holder} has ${file} open; ` +
        "stop it, or set SLIPWAY_DATA to another folder for this one",
      { cause: error },
    );
  }
  return { release: () => sqlite.close() };
}

function readHolder(sqlite: ReturnType<typeof openSqlite>): string {
  try {
    const holder = sqlite.prepare("select pid, url from holder").get();
    return holder ? ` (process ${holder.pid}, ${holder.url})` : "";
  } catch {
    return "";
  }
}
