import {
  type Database,
  type Row,
  sql,
  type Statement,
} from "../../../core/database.ts";
import { sha256Hex } from "../../../core/id.ts";

/** A browser that somebody signed in with. Its secret is not kept. Times are epoch ms. */
export type Session = {
  readonly id: string;
  readonly account: number;
  /** What the browser calls itself. */
  readonly userAgent: string;
  readonly createdAt: number;
  /** To the minute. */
  readonly usedAt: number;
};

/** How long sessions last. */
export type Lifetime = {
  /** Without a request. */
  readonly idleMs: number;
  /** In all. */
  readonly maxMs: number;
};

/** Sessions of one account; who signs in once more ends the oldest. */
const maxSessions = 20;

/** When a session ends unless it is used again. */
export function endsAt(
  { createdAt, usedAt }: Pick<Session, "createdAt" | "usedAt">,
  { idleMs, maxMs }: Lifetime,
): number {
  return Math.min(createdAt + maxMs, usedAt + idleMs);
}

/**
 * Writes a new session, and ends the one that the browser had before, the ones
 * that are over, and the account's oldest.
 */
export async function beginSession(
  database: Database,
  session: Session & {
    readonly secret: string;
    readonly before: string | null;
  },
  { idleMs, maxMs }: Lifetime,
): Promise<void> {
  const { id, account, userAgent, createdAt, secret, before } = session;
  await database.batch([
    sql`
      insert into session_session
        (id, sha256, account, user_agent, created_at, used_at)
      values (${id}, ${await sha256Hex(secret)}, ${account}, ${userAgent},
        ${createdAt}, ${createdAt})`,
    ...(before === null ? [] : [await endSession(before)]),
    sql`
      delete from session_session
      where created_at <= ${createdAt - maxMs} or used_at <= ${
      createdAt - idleMs
    }`,
    sql`
      delete from session_session where id in (
        select id from session_session where account = ${account}
        order by created_at desc, id desc limit -1 offset ${maxSessions})`,
  ]);
}

/** Ends the session of a secret. */
export async function endSession(secret: string): Promise<Statement> {
  return sql`
    delete from session_session where sha256 = ${await sha256Hex(secret)}`;
}

/** Ends a session of an account; it changes one row when there is one. */
export function revokeSession(id: string, account: number): Statement {
  return sql`
    delete from session_session where id = ${id} and account = ${account}`;
}

/** Ends all sessions of an account but one, or all when that is null; its rows are the ids. */
export function revokeOtherSessions(
  account: number,
  kept: string | null,
): Statement {
  return sql`
    delete from session_session
    where account = ${account} and id is not ${kept} returning id`;
}

/** The session of a secret, whether it is over or not. */
export async function findSession(
  database: Database,
  secret: string,
): Promise<Session | null> {
  const [row] = await database.query(sql`
    select * from session_session where sha256 = ${await sha256Hex(secret)}`);
  return row ? toSession(row) : null;
}

/** The sessions of an account, the newest first. */
export async function findSessions(
  database: Database,
  account: number,
): Promise<Session[]> {
  const rows = await database.query(sql`
    select * from session_session where account = ${account}
    order by created_at desc, id desc`);
  return rows.map(toSession);
}

/** Notes that a session was used. */
export function recordUse(id: string, now: number): Statement {
  return sql`
    update session_session set used_at = ${now}
    where id = ${id} and used_at < ${now}`;
}

function toSession(row: Row): Session {
  return {
    id: String(row.id),
    account: Number(row.account),
    userAgent: String(row.user_agent),
    createdAt: Number(row.created_at),
    usedAt: Number(row.used_at),
  };
}
