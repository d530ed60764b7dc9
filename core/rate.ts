/** So many requests in a window, with as many at once as the whole window allows. */
export type RatePolicy = {
  readonly requests: number;
  readonly windowSeconds: number;
};

/** What is left of a caller's allowance at a time (epoch ms). */
export type Allowance = { readonly left: number; readonly at: number };

/** The answer to one request. */
export type RateVerdict = {
  readonly isAdmitted: boolean;
  readonly allowance: Allowance;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Until the allowance is whole again. */
  readonly resetSeconds: number;
  /** Until the next request is admitted; 0 when one is now. */
  readonly retryAfterSeconds: number;
};

/** Takes one request out of an allowance, which refills steadily: a token bucket. */
export function takeOne(
  policy: RatePolicy,
  before: Allowance | undefined,
  now: number,
): RateVerdict {
  const perMs = policy.requests / (policy.windowSeconds * 1000);
  const filled = before === undefined ? policy.requests : Math.min(
    policy.requests,
    before.left + Math.max(0, now - before.at) * perMs,
  );
  const isAdmitted = filled >= 1;
  const left = isAdmitted ? filled - 1 : filled;
  const secondsUntil = (level: number) =>
    Math.max(0, Math.ceil((level - left) / perMs / 1000));
  return {
    isAdmitted,
    allowance: { left, at: now },
    remaining: Math.floor(left),
    resetSeconds: secondsUntil(policy.requests),
    retryAfterSeconds: isAdmitted ? 0 : Math.max(1, secondsUntil(1)),
  };
}
