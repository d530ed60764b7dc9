import { ApiError } from "../core/error.ts";
import type { RunStore } from "../db/run_store.ts";
import { Bell } from "./bell.ts";

/** How often the store is asked, by all watchers together. */
const pollMs = 1_000;

/** After this long without a change watchers are told all the same: what a page says of time grows old. */
const tellEveryMs = 30_000;

/** Most watchers of one server. Those who are signed in are counted each by themselves too. */
const maxWatchers = 1_000;

/** Most of them who are not signed in, so that those who are find room whatever strangers do. */
const maxAnonymous = maxWatchers / 2;

const never = new AbortController().signal;

/**
 * Tells when any run has changed. The store is asked once for all who watch, and
 * not at all while nobody does.
 */
export class Changes {
  readonly #runs: Pick<RunStore, "lastChangeOfAll">;
  readonly #now: () => number;
  readonly #bell = new Bell<null>();
  #watchers = 0;
  #anonymous = 0;
  #isClosed = false;
  /** The last change that was seen, as epoch ms. */
  #seen: number | null = null;
  #look: Promise<void> | null = null;

  constructor(runs: Pick<RunStore, "lastChangeOfAll">, now: () => number) {
    this.#runs = runs;
    this.#now = now;
  }

  /** When a run was last changed, as epoch ms; 0 when there is none. */
  async last(): Promise<number> {
    return await this.#runs.lastChangeOfAll();
  }

  /** Ends all watching, so that the server can stop. */
  close(): void {
    this.#isClosed = true;
    this.#bell.ring(() => true);
  }

  /**
   * The moment of the last change, each time that it is another than `since`,
   * and now and then all the same. Ends with the server or the watcher.
   *
   * @throws ApiError `rate_limited` when too many watch.
   */
  watch(
    since: number | null,
    gone: AbortSignal,
    isAnonymous: boolean,
  ): AsyncGenerator<number> {
    const isFull = this.#watchers >= maxWatchers;
    if (!isFull && !(isAnonymous && this.#anonymous >= maxAnonymous)) {
      return this.#tell(since, gone, isAnonymous);
    }
    const full = isFull
      ? `${maxWatchers} watch already;`
      : `${maxAnonymous} who are not signed in watch already; sign in, or`;
    throw new ApiError(
      "rate_limited",
      `Cannot tell of changes: ${full} load the page again now and then`,
      { headers: { "retry-after": "60" } },
    );
  }

  async *#tell(
    since: number | null,
    gone: AbortSignal,
    isAnonymous: boolean,
  ): AsyncGenerator<number> {
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    gone.addEventListener("abort", () => leave());
    this.#watchers++;
    if (isAnonymous) this.#anonymous++;
    try {
      let told = since;
      let tellAt = this.#now() + tellEveryMs;
      while (!gone.aborted && !this.#isClosed) {
        await Promise.race([this.#nextLook(), left]);
        if (gone.aborted || this.#isClosed || this.#seen === null) continue;
        told ??= this.#seen;
        if (this.#seen === told && this.#now() < tellAt) continue;
        told = this.#seen;
        tellAt = this.#now() + tellEveryMs;
        yield told;
      }
    } finally {
      this.#watchers--;
      if (isAnonymous) this.#anonymous--;
      if (this.#watchers === 0) this.#bell.ring(() => true);
    }
  }

  /** The next look at the store, which all watchers wait for together. */
  #nextLook(): Promise<void> {
    this.#look ??= this.#lookLater().finally(() => this.#look = null);
    return this.#look;
  }

  async #lookLater(): Promise<void> {
    using listening = this.#bell.listen(null);
    await listening.wait(pollMs, never);
    if (this.#isClosed || this.#watchers === 0) return;
    try {
      this.#seen = await this.#runs.lastChangeOfAll();
    } catch {
      // A store that is away comes back.
    }
  }
}
