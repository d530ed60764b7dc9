import { BoundedMap } from "./bounded_map.ts";

/** That a credential was used at a time (epoch ms). */
export type Use = { readonly id: string; readonly at: number };

/** Records that a credential was used. It never throws: a store that takes no writes refuses nobody. */
export type RecordUse = (
  credential: { readonly id: string; readonly lastUsedAt: number | null },
) => Promise<void>;

/** A use within this time after a recorded one is not recorded. */
export const useIntervalMs = 60_000;

/** Credentials whose last record a process remembers; about 100 bytes each. */
const maxRemembered = 10_000;

/**
 * Returns a function that records uses: of each credential at most one a minute,
 * and those of all credentials that come while one write is under way together
 * in the next. Its own memory keeps requests that come at once, and those after
 * a write that failed, from writing each; the row keeps several servers from it.
 */
export function createRecordUse(
  { write, now, failed }: {
    /** Writes all or none. */
    readonly write: (uses: readonly Use[]) => Promise<unknown>;
    readonly now: () => number;
    readonly failed: (uses: readonly Use[], cause: unknown) => void;
  },
): RecordUse {
  const tried = new BoundedMap<string, number>(maxRemembered);
  let waiting: Use[] = [];
  let next: Promise<void> | null = null;
  let current: Promise<void> = Promise.resolve();

  async function writeWaiting(before: Promise<void>): Promise<void> {
    await before;
    const uses = waiting;
    waiting = [];
    next = null;
    try {
      await write(uses);
    } catch (error) {
      failed(uses, error);
    }
  }

  return async function recordUse({ id, lastUsedAt }) {
    const at = now();
    const isRecent = (then: number | null) =>
      then !== null && at - then < useIntervalMs;
    if (isRecent(lastUsedAt) || isRecent(tried.get(id) ?? null)) return;
    tried.set(id, at);
    waiting.push({ id, at });
    if (next === null) next = current = writeWaiting(current);
    await next;
  };
}
