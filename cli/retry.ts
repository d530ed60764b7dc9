import { Failure, Refused, Unreachable } from "./failure.ts";

const firstDelayMs = 250;
const longestDelayMs = 15_000;

/** How long to wait after so many failures in a row: exponential, with jitter. */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
  return ceiling / 2 + random() * ceiling / 2;
}

/** Statuses after which the same request may be answered: busy, restarting, limited. */
const passingStatuses: readonly number[] = [408, 425, 429, 502, 503, 504];

/** How asking again stands. */
export type Trouble = {
  readonly error: unknown;
  /** Failures so far, this one included. */
  readonly failures: number;
  readonly elapsedMs: number;
  /** How long somebody is ready to try. */
  readonly patienceMs: number;
  /** Whether the request does no harm when it is carried out twice. */
  readonly isRepeatable: boolean;
};

/** How long to wait before asking again; null when asking again is of no use, or would take too long. */
export function retryDelayMs(
  trouble: Trouble,
  random: () => number,
): number | null {
  const { error, failures, elapsedMs, patienceMs } = trouble;
  if (!mayPass(error, trouble.isRepeatable)) return null;
  const asked = error instanceof Refused ? error.retryAfterMs ?? 0 : 0;
  const delayMs = Math.max(asked, backoffMs(failures - 1, random));
  return elapsedMs + delayMs > patienceMs ? null : delayMs;
}

function mayPass(error: unknown, isRepeatable: boolean): error is Failure {
  if (error instanceof Unreachable) return isRepeatable || !error.wasSent;
  if (!(error instanceof Refused)) return false;
  const { httpStatus, retryAfterMs } = error;
  if (httpStatus === 429) return true;
  // The first request with an Idempotency-Key still runs.
  if (httpStatus === 409) return isRepeatable && retryAfterMs !== null;
  return isRepeatable && passingStatuses.includes(httpStatus);
}
