import type { Lease } from "../core/protocol.ts";

/**
 * Why an attempt's work is stopped: somebody cancelled the run, the run is no
 * longer ours, or the runner itself has to go.
 */
export type StopReason = "cancelled" | "stale" | "shutdown";

/** Stops the work of one attempt. Being stale outweighs the other reasons: then nobody wants the result. */
export class Stop {
  readonly #controller = new AbortController();
  readonly #unwanted = new AbortController();
  #reason: StopReason | null = null;

  /** Aborted when the work is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborted when nobody wants anything of the attempt any more; a cancelled one still hands in its files. */
  get unwanted(): AbortSignal {
    return this.#unwanted.signal;
  }

  get reason(): StopReason | null {
    return this.#reason;
  }

  because(reason: StopReason): void {
    if (this.#reason === null || reason === "stale") this.#reason = reason;
    this.#controller.abort();
    if (reason !== "cancelled") this.#unwanted.abort();
  }

  /** Looks at the server's answer for a wish to cancel. */
  heed(lease: Lease): void {
    if (lease.cancel) this.because("cancelled");
  }
}
