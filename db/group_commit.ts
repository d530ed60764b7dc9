import type { Result, Statement } from "../core/database.ts";

/** One batch's end: its results, or why nothing of it was written. */
export type Settled =
  | { readonly ok: true; readonly results: readonly Result[] }
  | { readonly ok: false; readonly error: unknown };

type Waiting = {
  readonly statements: readonly Statement[];
  readonly settle: (settled: Settled) => void;
};

/** Most batches that one commit takes; keeps a commit short. */
const maxBatches = 256;

/**
 * Commits batches that arrive together in one go, so that many writers share
 * the cost of one durable commit; each is still all or nothing. One commit runs
 * at a time, in order of arrival.
 */
export class GroupCommit {
  readonly #commit: (
    batches: readonly (readonly Statement[])[],
  ) => Promise<readonly Settled[]>;
  readonly #pause: () => Promise<void>;
  #waiting: Waiting[] = [];
  #isRunning = false;

  /**
   * `commit` writes each batch whole or not at all, and answers in the same order.
   * `pause` is awaited before each commit, to let more batches arrive; without it
   * they gather only while a commit is under way.
   */
  constructor(
    commit: (
      batches: readonly (readonly Statement[])[],
    ) => Promise<readonly Settled[]>,
    pause: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#commit = commit;
    this.#pause = pause;
  }

  submit(statements: readonly Statement[]): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        statements,
        settle: (settled) =>
          settled.ok ? resolve(settled.results) : reject(settled.error),
      });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await this.#pause();
      const group = this.#waiting.splice(0, maxBatches);
      const settled = await this.#settle(group);
      group.forEach((waiting, index) =>
        waiting.settle(
          settled[index] ??
            { ok: false, error: new Error("Cannot tell how the write ended") },
        )
      );
    }
    this.#isRunning = false;
  }

  async #settle(group: readonly Waiting[]): Promise<readonly Settled[]> {
    try {
      return await this.#commit(group.map((waiting) => waiting.statements));
    } catch (error) {
      return group.map(() => ({ ok: false, error }));
    }
  }
}
