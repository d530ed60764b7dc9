/** Time as commands are lent it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after the duration, or as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** The platform's clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleep(ms, signal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.resolve();
    const timer = setTimeout(wake, ms);
    signal?.addEventListener("abort", wake, { once: true });
    function wake() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    }
    return promise;
  },
};
