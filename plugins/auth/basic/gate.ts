import { ApiError } from "../../../core/error.ts";

/** Lets a few pieces of work in at a time; the others wait in line. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Makes a gate. Who finds the line full is refused with ApiError `rate_limited`,
 * so that a flood of sign-ins costs bounded memory and time.
 */
export function createGate(
  { concurrent, waiting }: { concurrent: number; waiting: number },
): Gate {
  const line: (() => void)[] = [];
  let inside = 0;
  return async function enter(work) {
    if (inside < concurrent) {
      inside++;
    } else {
      if (line.length >= waiting) throw lineIsFull();
      // Whoever leaves hands its place on, so `inside` stays as it is.
      await new Promise<void>((resolve) => line.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else inside--;
    }
  };
}

function lineIsFull(): ApiError {
  return new ApiError(
    "rate_limited",
    "Cannot check the password now: too many are being checked; try again in a few seconds, or sign in with a key or token, which is quick",
    { headers: { "retry-after": "5" } },
  );
}
