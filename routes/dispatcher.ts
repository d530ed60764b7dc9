import type { Backend } from "../core/backend.ts";
import type { Log } from "../core/log.ts";
import { isMet, type Labels, type Offer } from "../core/label.ts";
import type { End, Outcome, Run } from "../core/run.ts";
import type { Store } from "../db/store.ts";
import { Bell } from "./bell.ts";
import type { Follower } from "./follower.ts";

/** How often a waiting claim looks by itself: work may have come in through another server. */
const pollMs = 500;

/** How often the dispatcher looks for lost runners, and for runs whose time has come. */
const reapEveryMs = 1_000;

/** Brings waiting claims and queued runs together, and takes runs back from silent runners. */
export class Dispatcher {
  readonly #store: Store;
  readonly #backends: ReadonlyMap<string, Backend>;
  readonly #now: () => number;
  readonly #bell = new Bell<readonly Offer[]>();
  readonly #follower: Follower;
  #isClosed = false;
  readonly #log: Log;
  readonly #isYoungUntil: number;
  #reapedAt = -Infinity;
  #reaping = Promise.resolve();

  /**
   * For one `leaseMs` after the start, runners that have fallen silent get one
   * more lease: while no server was up, none could prolong its own.
   */
  constructor(
    store: Store,
    backends: ReadonlyMap<string, Backend>,
    now: () => number,
    leaseMs: number,
    follower: Follower,
    log: Log,
  ) {
    this.#log = log;
    this.#follower = follower;
    this.#store = store;
    this.#backends = backends;
    this.#now = now;
    this.#isYoungUntil = now() + leaseMs;
  }

  /** New work has come in: for each run one claim that waits for the like looks at once. */
  wake(labels: readonly Labels[]): void {
    // Of thousands of runs alike, all further ones find nobody where one did not.
    const alone = new Set<string>();
    for (const each of labels) {
      const key = JSON.stringify(each);
      if (alone.has(key)) continue;
      if (!this.#bell.ringOne((offers) => isMet(each, offers))) alone.add(key);
    }
  }

  /** Lets every waiting claim go with nothing, so that the server can stop. */
  close(): void {
    this.#isClosed = true;
    this.#bell.ring(() => true);
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
      using listening = this.#bell.listen(claim.offers);
      const run = await this.#store.attempts.claim(claim);
      const leftMs = deadline - this.#now();
      if (run !== null || leftMs <= 0) {
        // It was woken for more than what it got: somebody else must look.
        if (listening.hasRung) this.#bell.ring(() => true);
        return run;
      }
      await listening.wait(Math.min(leftMs, pollMs), gone);
      if (gone.aborted && listening.hasRung) this.#bell.ring(() => true);
    }
    return null;
  }

  /**
   * Takes runs back whose runner has fallen silent, and queues those whose time
   * has come. Looks at most once a second; who asks meanwhile waits for the look
   * that is under way. Never fails: what asks for it has work of its own, and
   * there is a next time.
   */
  reap(): Promise<void> {
    const now = this.#now();
    // A clock that was set back is no reason to wait until it has caught up.
    if (Math.abs(now - this.#reapedAt) >= reapEveryMs) {
      this.#reapedAt = now;
      this.#reaping = this.#look(now < this.#isYoungUntil).catch(
        (cause) =>
          this.#log("error", "Cannot look after the queues", {
            cause: String(cause),
          }),
      );
    }
    return this.#reaping;
  }

  async #look(isYoung: boolean): Promise<void> {
    await this.#promote();
    await this.#takeBackSilent(isYoung);
  }

  async #takeBackSilent(isYoung: boolean): Promise<void> {
    const { leases } = this.#store;
    let silent = await leases.expired();
    if (silent.length > 0 && isYoung) {
      await leases.giveGrace();
      silent = await leases.expired();
    }
    if (silent.length === 0) return;
    await leases.takeBack(silent.map((run) => ({
      run,
      lost: this.outcome(run.backend, { kind: "lost" }),
      cancelled: this.outcome(run.backend, { kind: "cancelled" }),
    })));
    this.wake(silent.map((run) => run.labels));
    for (const run of silent) this.#follower.changed(run.id);
  }

  async #promote(): Promise<void> {
    const promoted = await this.#store.schedule.promote();
    this.wake(promoted.map(({ labels }) => labels));
    for (const { id } of promoted) this.#follower.changed(id);
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
}
