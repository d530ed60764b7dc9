import type { Backend } from "../core/backend.ts";
import { isMet, type Labels, type Offer } from "../core/label.ts";
import type { End, Outcome, Run } from "../core/run.ts";
import type { Store } from "../db/store.ts";

/** How often a waiting claim looks by itself: work may have come in through another server. */
const pollMs = 500;

/** How often the dispatcher looks for lost runners. */
const reapEveryMs = 1_000;

type Waiter = { readonly offers: readonly Offer[]; readonly wake: () => void };

/** Brings waiting claims and queued runs together, and takes runs back from silent runners. */
export class Dispatcher {
  readonly #store: Store;
  readonly #backends: ReadonlyMap<string, Backend>;
  readonly #now: () => number;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;
  #nextReapAt: number;

  /**
   * For one `leaseMs` after the start nothing is taken back: while no server
   * was up, no runner could prolong its lease.
   */
  constructor(
    store: Store,
    backends: ReadonlyMap<string, Backend>,
    now: () => number,
    leaseMs: number,
  ) {
    this.#store = store;
    this.#backends = backends;
    this.#now = now;
    this.#nextReapAt = now() + leaseMs;
  }

  /** New work has come in: claims that wait for the like look at once. */
  wake(labels: readonly Labels[]): void {
    for (const waiter of this.#waiters) {
      if (labels.some((each) => isMet(each, waiter.offers))) waiter.wake();
    }
  }

  /** Lets every waiting claim go with nothing, so that the server can stop. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiters) waiter.wake();
  }

  /** The first run that fits, waiting for one up to `waitMs`; null when none came or the asker has gone. */
  async claim(
    claim: Parameters<Store["attempts"]["claim"]>[0],
    waitMs: number,
    gone: AbortSignal,
  ): Promise<Run | null> {
    const deadline = this.#now() + waitMs;
    while (!gone.aborted && !this.#isClosed) {
      await this.reap();
      // Listens before it looks, so that work coming in meanwhile is not missed.
      const listening = this.#listen(claim.offers);
      try {
        const run = await this.#store.attempts.claim(claim);
        const leftMs = deadline - this.#now();
        if (run !== null || leftMs <= 0) return run;
        await listening.wait(Math.min(leftMs, pollMs), gone);
      } finally {
        listening.stop();
      }
    }
    return null;
  }

  /** Takes runs back whose runner has fallen silent; at most once a second. */
  async reap(): Promise<void> {
    const now = this.#now();
    if (now < this.#nextReapAt) return;
    this.#nextReapAt = now + reapEveryMs;
    for (const run of await this.#store.attempts.expired()) {
      const end: End = run.cancelRequestedAt === null
        ? { kind: "lost" }
        : { kind: "cancelled" };
      await this.#store.attempts.takeBack(run, {
        end,
        outcome: this.outcome(run.backend, end),
      });
      this.wake([run.labels]);
    }
  }

  /** What the run's backend makes of an end; a backend that is no longer loaded cannot say more than that it failed. */
  outcome(backend: string, end: End): Outcome {
    return this.#backends.get(backend)?.outcome(end) ??
      {
        state: "errored",
        message:
          `Cannot judge the result: the backend ${backend} is not loaded`,
      };
  }

  #listen(offers: readonly Offer[]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { offers, wake: resolve };
    this.#waiters.add(waiter);
    let timer: ReturnType<typeof setTimeout> | undefined;
    return {
      wait: (ms: number, gone: AbortSignal) => {
        timer = setTimeout(resolve, ms);
        gone.addEventListener("abort", () => resolve(), { once: true });
        return promise;
      },
      stop: () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      },
    };
  }
}
