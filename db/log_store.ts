import { type Database, sql } from "../core/database.ts";
import { sha256Hex } from "../core/id.ts";
import type { Run } from "../core/run.ts";
import type { Fence } from "./attempt_store.ts";

/** What became of a chunk. */
export type Appended =
  | { readonly kind: "stored" }
  /** The bytes are there already, unchanged. */
  | { readonly kind: "repeated" }
  /** Go on at `logBytes`. */
  | { readonly kind: "wrong_offset"; readonly logBytes: number }
  /** The chunk overlaps what is stored, and differs. */
  | { readonly kind: "differs" }
  | { readonly kind: "stale_attempt" };

/** Logs, as chunks per attempt. */
export class LogStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #leaseMs: number;

  constructor(database: Database, now: () => number, leaseMs: number) {
    this.#database = database;
    this.#now = now;
    this.#leaseMs = leaseMs;
  }

  /** Appends bytes at `start`, which must be the log's present size; this also prolongs the lease. */
  async append(
    fence: Fence,
    start: number,
    bytes: Uint8Array,
  ): Promise<Appended> {
    const sha256 = await sha256Hex(fence.attemptToken);
    const isLive =
      sql`id = ${fence.runId} and attempt_sha256 = ${sha256} and state in ('claimed', 'running')`;
    const [inserted] = await this.#database.batch([
      sql`insert into log_chunk (run, attempt, start, bytes)
          select number, attempt, log_bytes, ${bytes} from run where ${isLive} and log_bytes = ${start}`,
      sql`update run set log_bytes = log_bytes + ${bytes.byteLength}, lease_until = ${
        this.#now() + this.#leaseMs
      }
          where ${isLive} and log_bytes = ${start}`,
    ]);
    if (inserted?.changes === 1) return { kind: "stored" };
    const [row] = await this.#database.query(
      sql`select number, attempt, log_bytes from run where ${isLive}`,
    );
    if (!row) return { kind: "stale_attempt" };
    const logBytes = Number(row.log_bytes);
    if (start + bytes.byteLength > logBytes) {
      return { kind: "wrong_offset", logBytes };
    }
    const stored = await this.#read(
      Number(row.number),
      Number(row.attempt),
      start,
      start + bytes.byteLength,
    );
    return { kind: isEqual(stored, bytes) ? "repeated" : "differs" };
  }

  /** The log of a run's latest attempt, from byte `start` to before `end`; in memory at once, so ask for pieces. */
  read(
    run: Run,
    start = 0,
    end = run.logBytes,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read(run.number, run.attempt, start, end);
  }

  async #read(
    run: number,
    attempt: number,
    start: number,
    end: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, end - start));
    const rows = await this.#database.query(sql`
      select start, bytes from log_chunk
      where run = ${run} and attempt = ${attempt} and start < ${end} and start >= (
        select coalesce(max(start), 0) from log_chunk
        where run = ${run} and attempt = ${attempt} and start <= ${start}
      )
      order by start`);
    for (const row of rows) {
      if (!(row.bytes instanceof Uint8Array)) continue;
      const skipped = Math.max(0, start - Number(row.start));
      const at = Number(row.start) + skipped - start;
      bytes.set(
        row.bytes.subarray(skipped, skipped + bytes.byteLength - at),
        at,
      );
    }
    return bytes;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength &&
    a.every((byte, index) => byte === b[index]);
}
