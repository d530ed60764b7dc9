import * as z from "zod";
import type { Log } from "../core/log.ts";
import {
  type Assignment,
  assignmentSchema,
  type claimSchema,
  type Lease,
  leaseSchema,
  type registerSchema,
  type Registration,
  registrationSchema,
  type Renewal,
  renewalSchema,
  type ReportedEnd,
} from "../core/protocol.ts";
import { type Call, call, Refused } from "./call.ts";
import type { Clock } from "./clock.ts";
import { retry } from "./retry.ts";
import type { UploadedFile } from "./uploaded_file.ts";

/** What the client is lent. */
export type ClientLent = {
  /** Base URL of the server, without a final slash. */
  readonly serverUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
};

/** The server has the bytes, or wants to go on from another offset. */
export type LogAnswer =
  | { readonly kind: "stored"; readonly lease: Lease }
  | { readonly kind: "resume"; readonly start: number };

/** The result stands, or the server misses log bytes, from `start` on where it says so. */
export type ResultAnswer =
  | { readonly kind: "recorded" }
  | { readonly kind: "log_incomplete"; readonly start: number | null };

const requestTimeoutMs = 30_000;
const logTimeoutMs = 60_000;
/** A large file over a slow line. */
const uploadTimeoutMs = 30 * 60_000;
/** Beyond what the server was asked to wait; a poll that is silent for longer is a dead connection. */
const overdueMs = 15_000;
/** A claim that is not started within seconds is another runner's anyway. */
const startPatienceMs = 60_000;
const releasePatienceMs = 15_000;

/**
 * Speaks the runner protocol of `core/protocol.ts`. Lost, garbled and busy
 * answers are asked for again; every method throws `StaleAttempt` or `Refused`
 * of `call.ts` when the server says no, and its signal's reason when that aborts.
 */
export class Client {
  readonly #lent: ClientLent;

  constructor(lent: ClientLent) {
    this.#lent = lent;
  }

  /** Makes this runner known; asks until the server answers. */
  async register(
    token: string,
    body: z.input<typeof registerSchema>,
    signal: AbortSignal,
  ): Promise<Registration> {
    return expectBody(
      await this.#ask("/register", { token, body, signal }, registrationSchema),
    );
  }

  /** Takes another token in the place of this one; asks until the server answers. */
  async renew(token: string, signal: AbortSignal): Promise<Renewal> {
    return expectBody(
      await this.#ask("/renew", { token, signal }, renewalSchema),
    );
  }

  /**
   * Waits for work; null when there was none. Asks until the server answers,
   * always with the same `claimId`, so a run whose answer was lost is not.
   * With a patience of 0 it asks once.
   */
  claim(
    token: string,
    body: z.input<typeof claimSchema> & { waitSeconds: number },
    signal: AbortSignal,
    patienceMs = Infinity,
  ): Promise<Assignment | null> {
    const timeoutMs = body.waitSeconds * 1000 + overdueMs;
    return this.#ask(
      "/claim",
      { token, body, signal, timeoutMs },
      assignmentSchema,
      patienceMs,
    );
  }

  /** Acknowledges a claim; the work may begin. */
  start(assignment: Assignment): Promise<Lease> {
    return this.#lease(assignment, "start", startPatienceMs);
  }

  /** Asked once: the next beat is the repetition. */
  heartbeat(assignment: Assignment, signal: AbortSignal): Promise<Lease> {
    return this.#lease(assignment, "heartbeat", 0, signal);
  }

  /** Appends to the log at byte `start`; asks until the signal aborts. */
  async log(
    assignment: Assignment,
    start: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<LogAnswer> {
    const headers = {
      "content-range": `bytes ${start}-${start + bytes.byteLength - 1}/*`,
    };
    const path = `/runs/${assignment.run.id}/log`;
    const token = assignment.attemptToken;
    try {
      const lease = expectBody(
        await this.#ask(path, {
          method: "PATCH",
          token,
          body: bytes,
          headers,
          signal,
          timeoutMs: logTimeoutMs,
        }, leaseSchema),
      );
      return { kind: "stored", lease };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 416) throw error;
      return { kind: "resume", start: storedBytes(error.headers) ?? 0 };
    }
  }

  /** Hands a file in; asks until the signal aborts. */
  async upload(
    assignment: Assignment,
    file: UploadedFile,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = assignment.run;
    const path = `/runs/${id}/artifacts?path=${encodeURIComponent(file.path)}`;
    await this.#ask(path, {
      method: "PUT",
      token: assignment.attemptToken,
      body: file.open,
      headers: {
        "content-type": file.contentType,
        "content-digest": `sha-256=:${file.sha256}:`,
      },
      signal,
      timeoutMs: uploadTimeoutMs,
    }, z.unknown());
  }

  /** Reports the end; asks until the signal aborts. */
  async result(
    assignment: Assignment,
    body: { end: ReportedEnd; logBytes: number },
    signal: AbortSignal,
  ): Promise<ResultAnswer> {
    const path = `/runs/${assignment.run.id}/result`;
    const token = assignment.attemptToken;
    try {
      await this.#ask(
        path,
        { method: "PUT", token, body, signal },
        z.unknown(),
      );
      return { kind: "recorded" };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 412) throw error;
      return { kind: "log_incomplete", start: storedBytes(error.headers) };
    }
  }

  /** Gives the run back undone. */
  async release(assignment: Assignment): Promise<void> {
    const path = `/runs/${assignment.run.id}/release`;
    const token = assignment.attemptToken;
    await this.#ask(path, { token }, z.unknown(), releasePatienceMs);
  }

  async #lease(
    assignment: Assignment,
    verb: string,
    giveUpAfterMs: number,
    signal?: AbortSignal,
  ): Promise<Lease> {
    const path = `/runs/${assignment.run.id}/${verb}`;
    const token = assignment.attemptToken;
    return expectBody(
      await this.#ask(path, { token, signal }, leaseSchema, giveUpAfterMs),
    );
  }

  #ask<Answer extends z.ZodType>(
    path: string,
    request: Omit<Call, "url" | "method" | "timeoutMs"> & Partial<Call>,
    answer: Answer,
    giveUpAfterMs = Infinity,
  ): Promise<z.output<Answer> | null> {
    const { serverUrl, clock, random, log } = this.#lent;
    const whole: Call = {
      method: "POST",
      timeoutMs: requestTimeoutMs,
      ...request,
      url: `${serverUrl}/runner/v1${path}`,
    };
    return retry(() => call(whole, answer, this.#lent), {
      clock,
      random,
      giveUpAfterMs,
      signal: request.signal,
      onRetry: (error, delayMs) =>
        log(
          "warn",
          `${error.message}; asking again in ${(delayMs / 1000).toFixed(1)} s`,
        ),
    });
  }
}

/** How many bytes `Range: bytes=0-N` says are stored (N is the last one); null without it. */
function storedBytes(headers: Headers): number | null {
  const last = /^bytes=0-(\d+)$/.exec(headers.get("range") ?? "")?.[1];
  return last === undefined ? null : Number(last) + 1;
}

function expectBody<Body>(body: Body | null): Body {
  if (body === null) throw new Refused(204, "The server's answer has no body");
  return body;
}
