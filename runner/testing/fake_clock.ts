import type { Clock } from "../clock.ts";

/** A clock for tests in which sleeping takes no time: it remembers how long each sleep would have been. */
export class FakeClock implements Clock {
  #elapsedMs = 0;
  readonly slept: number[] = [];

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!signal?.aborted) {
      this.slept.push(ms);
      this.#elapsedMs += ms;
    }
    return Promise.resolve();
  }
}
