import type { Offer } from "../core/label.ts";
import type { Log } from "../core/log.ts";
import type { Assignment, Registration } from "../core/protocol.ts";
import { Refused } from "./call.ts";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";

/** What the claimer is lent. */
export type ClaimerLent = {
  readonly client: Client;
  readonly registrationToken: string;
  readonly name: string;
  readonly version: string;
  /** All that this runner can do when it is idle. */
  readonly offers: readonly Offer[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly uuid: () => string;
  readonly log: Log;
  /** Aborted when no more work is wanted. */
  readonly drain: AbortSignal;
};

/** How long the server has to say whether it had assigned anything to an abandoned poll. */
const lastWordMs = 3_000;
/** An empty answer that comes sooner than this, or than half the wait, was none: the runner waits instead. */
const shortestPollMs = 1_000;

/**
 * Gets work from the server. One `claimId` is used until it has brought a run,
 * so neither a lost answer nor an abandoned poll loses one: whatever the server
 * had assigned to it comes with the next question.
 */
export class Claimer {
  readonly #lent: ClaimerLent;
  #registration: Registration | null = null;
  #tokenSinceMs = 0;
  #claimId: string;

  constructor(lent: ClaimerLent) {
    this.#lent = lent;
    this.#claimId = lent.uuid();
  }

  /** What the server asked for when it last registered this runner. */
  get intervals(): Registration["intervals"] | null {
    return this.#registration?.intervals ?? null;
  }

  /**
   * Makes the runner known; the intervals come from the server.
   *
   * @throws Refused when the server does not want this runner.
   */
  async register(): Promise<Registration> {
    const { client, clock, registrationToken, name, version, offers, drain } =
      this.#lent;
    const body = { name, version, offers: offers.map(mutable) };
    this.#registration = await client.register(registrationToken, body, drain);
    this.#tokenSinceMs = clock.elapsedMs();
    this.#lent.log("info", `Registered as ${this.#registration.runnerId}`);
    return this.#registration;
  }

  /** Asks once for work that fits the offers; null when there is none, or no more is wanted. */
  async claim(
    offers: readonly Offer[],
    waitSeconds: number,
  ): Promise<Assignment | null> {
    const { clock, drain, random } = this.#lent;
    const token = await this.#token();
    const shortestMs = Math.min(shortestPollMs, waitSeconds * 500);
    const askedAt = clock.elapsedMs();
    const assignment = await this.#ask(token, offers, waitSeconds);
    if (assignment !== null) this.#claimId = this.#lent.uuid();
    else if (clock.elapsedMs() - askedAt < shortestMs) {
      await clock.sleep(shortestPollMs * (0.5 + random()), drain);
    }
    return assignment;
  }

  /** The runner token: the one that there is, or, when it is old, another one. */
  async #token(): Promise<string> {
    const { client, clock, drain } = this.#lent;
    const registration = this.#registration ?? await this.register();
    const { renewSeconds = Infinity } = registration.intervals;
    const ageMs = clock.elapsedMs() - this.#tokenSinceMs;
    if (ageMs < renewSeconds * 1000) return registration.token;
    try {
      const { token } = await client.renew(registration.token, drain);
      this.#registration = { ...registration, token };
      this.#tokenSinceMs = clock.elapsedMs();
      return token;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      return (await this.register()).token;
    }
  }

  async #ask(
    token: string,
    offers: readonly Offer[],
    waitSeconds: number,
  ): Promise<Assignment | null> {
    const { client, drain, log } = this.#lent;
    const body = {
      claimId: this.#claimId,
      offers: offers.map(mutable),
      waitSeconds,
    };
    try {
      return await client.claim(token, body, drain);
    } catch (error) {
      if (drain.aborted) return await this.#lastWord(token);
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      log("warn", "The server does not know this runner any more");
      this.#registration = null;
      return null;
    }
  }

  /** What the server had assigned to the poll that was abandoned, if it is there to tell. */
  async #lastWord(token: string): Promise<Assignment | null> {
    const { client, clock } = this.#lent;
    const body = { claimId: this.#claimId, offers: [], waitSeconds: 0 };
    const answered = new AbortController();
    const tooLate = new AbortController();
    void clock.sleep(lastWordMs, answered.signal).then(() => tooLate.abort());
    try {
      return await client.claim(token, body, tooLate.signal, 0);
    } catch {
      return null;
    } finally {
      answered.abort();
    }
  }
}

function mutable(offer: Offer): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(offer).map(([name, values]) => [name, [...values]]),
  );
}
