import { type Lease, maxLogBytes, maxLogChunkBytes } from "../core/protocol.ts";
import { ByteQueue } from "./byte_queue.ts";
import type { LogAnswer } from "./client.ts";
import type { Clock } from "./clock.ts";
import { backoffMs } from "./retry.ts";

/** What the shipper is lent. */
export type ShipperLent = {
  /** Sends bytes that begin at byte `start` of the log; repeats itself what the network loses. */
  readonly send: (
    start: number,
    bytes: Uint8Array<ArrayBuffer>,
  ) => Promise<LogAnswer>;
  /** Told of the lease in every answer. */
  readonly heed: (lease: Lease) => void;
  /** Told once when the rest of the log cannot be sent. */
  readonly onFailure: (error: unknown) => void;
  /** How long the first bytes wait for more. */
  readonly flushMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** The log is cut when it gets longer. */
  readonly maxBytes?: number;
};

const flushBytes = 64 * 1024;
/** With more than this unsent, whoever writes is asked to wait. */
const roomBytes = 4 * 1024 * 1024;
/** Demands for another offset, none of them followed by progress, after which the log is given up. */
const maxResumes = 20;

const newline = 10;

const encoder = new TextEncoder();

/**
 * Ships one attempt's log in order, one request at a time. Bytes are kept until
 * the server has them, so it can ask for them again; beyond `maxBytes` the log
 * is cut with a line that says so.
 */
export class LogShipper {
  readonly #lent: ShipperLent;
  readonly #queue = new ByteQueue();
  readonly #marker: Uint8Array;
  /** Bytes that may be written before the marker. */
  #left: number;
  #isCut = false;
  #endsLine = true;
  /** Offset in the server's log of the first byte in the queue. */
  #start = 0;
  #resumes = 0;
  #isClosed = false;
  #hasFailed = false;
  #shipping: Promise<void> | null = null;
  #flush = new AbortController();
  readonly #abandoned = new AbortController();
  #room: PromiseWithResolvers<void> | null = null;

  constructor(lent: ShipperLent) {
    const maxBytes = lent.maxBytes ?? maxLogBytes;
    this.#lent = lent;
    this.#marker = encoder.encode(
      `\nslipway: the log is cut here because it is longer than ${maxBytes} bytes\n`,
    );
    this.#left = maxBytes - this.#marker.byteLength;
  }

  /** Appends to the log. A promise, when there is one, asks to wait with more until it resolves. */
  write(chunk: string | Uint8Array): Promise<void> | null {
    if (this.#isCut || this.#isClosed || this.#hasFailed) return null;
    const bytes = typeof chunk === "string" ? encoder.encode(chunk) : chunk;
    this.#queue.push(bytes.subarray(0, this.#left));
    if (bytes.byteLength > this.#left) {
      this.#isCut = true;
      this.#queue.push(this.#marker);
    }
    this.#left -= bytes.byteLength;
    if (bytes.byteLength > 0) this.#endsLine = bytes.at(-1) === newline;
    this.#wake();
    if (this.#queue.sizeBytes <= roomBytes) return null;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** Appends a line of the runner's own, below whatever was written before. */
  writeLine(line: string): void {
    this.write(`${this.#endsLine ? "" : "\n"}${line}\n`);
  }

  /** Ships the rest and takes no more. Resolves with the size of the server's log. */
  async finish(): Promise<number> {
    this.#isClosed = true;
    this.#flush.abort();
    this.#wake();
    await this.#shipping;
    return this.#start;
  }

  /** After `finish`: the server has the bytes before `start` only. Ships what it misses; resolves as `finish`. */
  async resume(start: number | null): Promise<number> {
    if (start !== null) this.#goOnAt(start);
    return await this.finish();
  }

  /** Drops what is not sent yet; nobody wants it any more. */
  abandon(): void {
    this.#hasFailed = true;
    this.#queue.clear();
    this.#makeRoom();
    this.#abandoned.abort();
    this.#flush.abort();
  }

  #wake(): void {
    if (this.#queue.sizeBytes >= flushBytes) this.#flush.abort();
    if (this.#queue.sizeBytes === 0 || this.#hasFailed) return;
    this.#shipping ??= this.#ship().catch((error) => this.#fail(error))
      .finally(() => this.#shipping = null);
  }

  async #ship(): Promise<void> {
    while (this.#queue.sizeBytes > 0) {
      if (!this.#isClosed && this.#queue.sizeBytes < flushBytes) {
        this.#flush = new AbortController();
        await this.#lent.clock.sleep(this.#lent.flushMs, this.#flush.signal);
      }
      if (this.#queue.sizeBytes > 0) await this.#sendSome();
    }
  }

  async #sendSome(): Promise<void> {
    const { send, heed, clock, random } = this.#lent;
    const bytes = this.#queue.peek(maxLogChunkBytes);
    const answer = await send(this.#start, bytes);
    switch (answer.kind) {
      case "stored":
        this.#resumes = 0;
        this.#start += bytes.byteLength;
        this.#queue.drop(bytes.byteLength);
        this.#makeRoom();
        heed(answer.lease);
        return;
      case "resume":
        if (++this.#resumes > maxResumes) {
          throw new Error("the server asks for one offset after the other");
        }
        if (this.#resumes > 1) {
          await clock.sleep(
            backoffMs(this.#resumes, random),
            this.#abandoned.signal,
          );
        }
        this.#goOnAt(answer.start);
        return;
      default:
        answer satisfies never;
    }
  }

  #goOnAt(start: number): void {
    const ahead = start - this.#start;
    this.#start = start;
    if (ahead >= 0) {
      this.#queue.drop(ahead);
      return;
    }
    // The server has lost what it had acknowledged, and so has this side.
    this.#queue.unshift(
      encoder.encode(
        `\nslipway: ${-ahead} bytes of the log were lost here\n`,
      ),
    );
  }

  #makeRoom(): void {
    if (this.#queue.sizeBytes > roomBytes / 2) return;
    this.#room?.resolve();
    this.#room = null;
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.abandon();
    this.#lent.onFailure(error);
  }
}
