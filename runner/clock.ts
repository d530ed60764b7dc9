/** Time as the runner's parts are lent it: durations only, so a wall clock that is set does no harm. */
export type Clock = {
  /** Milliseconds since some fixed moment; never goes back. */
  elapsedMs(): number;
  /** Resolves after the duration, or as soon as the signal aborts. `Infinity` waits for the signal alone. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** The longest that `setTimeout` can wait; more would fire at once. */
export const maxTimerMs = 2 ** 31 - 1;

/** The platform's clock. */
export const systemClock: Clock = {
  elapsedMs: () => performance.now(),
  sleep(ms, signal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.resolve();
    const timer = Number.isFinite(ms)
      ? setTimeout(wake, Math.min(ms, maxTimerMs))
      : undefined;
    signal?.addEventListener("abort", wake, { once: true });
    function wake() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    }
    return promise;
  },
};
