import type { Clock } from "./clock.ts";

/** A failure that may pass: the network, a busy server, a proxy's page in place of an answer. */
export class Retryable extends Error {
  override readonly name = "Retryable";

  constructor(message: string, readonly retryAfterMs = 0) {
    super(message);
  }
}

const firstDelayMs = 250;
const longestDelayMs = 60_000;

/**
 * How long to wait after so many failures in a row: exponential with full
 * jitter, so that runners which lost a server together do not come back together.
 */
export function backoffMs(failures: number, random: () => number): number {
  return random() * Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
}

/** What `retry` is lent, and when it stops. */
export type RetryOptions = {
  readonly clock: Clock;
  readonly random: () => number;
  /** Rethrows the last failure rather than wait beyond this. */
  readonly giveUpAfterMs: number;
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: (error: Retryable, delayMs: number) => void;
};

/**
 * Repeats the work until it succeeds or fails with anything but `Retryable`.
 * `retryAfterMs` of a failure is honoured; it counts toward giving up.
 */
export async function retry<T>(
  work: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, random, giveUpAfterMs, signal, onRetry } = options;
  const startedAt = clock.elapsedMs();
  for (let failures = 0;; failures++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Retryable)) throw error;
      const delayMs = Math.max(error.retryAfterMs, backoffMs(failures, random));
      if (clock.elapsedMs() + delayMs - startedAt > giveUpAfterMs) throw error;
      onRetry?.(error, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110, 10.2.3), at most ten minutes; 0 when absent or senseless. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header.trim())
    ? Number(header) * 1000
    : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), 600_000);
}
