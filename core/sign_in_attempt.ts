import { ApiError } from "./error.ts";

/** Where somebody signs in from, and as whom they say. */
export type SignIn = {
  /** Address of the client; null where it is not known. */
  readonly source: string | null;
  /** As it was typed. */
  readonly name: string;
};

/** Keeps people from guessing passwords. */
export interface SignIns {
  /**
   * Whether the password is right, as `verify` says; it is not asked while the
   * asker has to wait, and the answer is remembered.
   *
   * @throws ApiError `rate_limited` with `Retry-After`.
   */
  attempt(who: SignIn, verify: () => Promise<boolean>): Promise<boolean>;
}

/** After how many wrong passwords one has to wait, and how long at most. */
export type Patience = { readonly free: number; readonly maxDelayMs: number };

/** Of one name from one source. Others who have that name, elsewhere, never wait. */
export const namePatience: Patience = { free: 5, maxDelayMs: 300_000 };

/** Where the source is not known all clients look alike, the right one among them. */
export const unknownSourcePatience: Patience = { free: 5, maxDelayMs: 30_000 };

/** Of all names from one source, where a whole office may be. */
export const sourcePatience: Patience = { free: 30, maxDelayMs: 300_000 };

/** How long to wait after the last of so many wrong passwords in a row: 1 s, 2 s, 4 s, … */
export function delayMs(failures: number, patience: Patience): number {
  const { free, maxDelayMs } = patience;
  return failures < free
    ? 0
    : Math.min(maxDelayMs, 1000 * 2 ** Math.min(30, failures - free));
}

/** The refusal of who has to wait. */
export function mustWait(ms: number): ApiError {
  const seconds = Math.ceil(ms / 1000);
  return new ApiError(
    "rate_limited",
    `Cannot sign in: too many wrong passwords came from this address; try again in ${seconds} s, or sign in with a key or token`,
    { headers: { "retry-after": String(seconds) } },
  );
}
