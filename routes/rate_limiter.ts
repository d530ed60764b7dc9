import { ApiError } from "../core/error.ts";
import type { Principal } from "../core/principal.ts";
import { type Allowance, type RatePolicy, takeOne } from "../core/rate.ts";

/** Reading and triggering have an allowance each, so that following runs never uses up the right to start one. */
export type RatePolicies = {
  readonly read: RatePolicy;
  readonly trigger: RatePolicy;
};

/** Per credential. Polling every few seconds for many runs is normal use; so is a bot that starts hundreds. */
export const defaultRatePolicies: RatePolicies = {
  read: { requests: 1_200, windowSeconds: 60 },
  trigger: { requests: 300, windowSeconds: 60 },
};

/** Credentials whose allowance is remembered; the one that was used longest ago is forgotten first. */
const maxRemembered = 10_000;

/** Counts requests per credential, in this process. */
export class RateLimiter {
  readonly #policies: RatePolicies;
  readonly #now: () => number;
  readonly #allowances = new Map<string, Allowance>();

  constructor(policies: RatePolicies, now: () => number) {
    this.#policies = policies;
    this.#now = now;
  }

  /**
   * Admits a request, and tells where the caller stands in `RateLimit` and
   * `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
   *
   * @throws ApiError `rate_limited` with `Retry-After`.
   */
  admit(
    principal: Principal,
    kind: keyof RatePolicies,
  ): Record<string, string> {
    const policy = this.#policies[kind];
    const key = `${kind} ${principal.via} ${principal.credential}`;
    const verdict = takeOne(policy, this.#allowances.get(key), this.#now());
    this.#remember(key, verdict.allowance);
    const headers = {
      "ratelimit-policy":
        `"${kind}";q=${policy.requests};w=${policy.windowSeconds}`,
      "ratelimit": `"${kind}";r=${verdict.remaining};t=${verdict.resetSeconds}`,
    };
    if (verdict.isAdmitted) return headers;
    const { retryAfterSeconds } = verdict;
    throw new ApiError(
      "rate_limited",
      `Cannot take the request: this credential may ${kind} ${policy.requests} times in ${policy.windowSeconds} s; ` +
        `try again in ${retryAfterSeconds} s`,
      { headers: { ...headers, "retry-after": String(retryAfterSeconds) } },
    );
  }

  #remember(key: string, allowance: Allowance): void {
    this.#allowances.delete(key);
    this.#allowances.set(key, allowance);
    if (this.#allowances.size <= maxRemembered) return;
    const [oldest] = this.#allowances.keys();
    if (oldest !== undefined) this.#allowances.delete(oldest);
  }
}
