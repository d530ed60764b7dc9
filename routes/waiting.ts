import { missingLabels } from "../core/label.ts";
import type { Run } from "../core/run.ts";
import type { Waiting } from "../core/waiting.ts";
import type { Store } from "../db/store.ts";

/** A runner that was not heard of for this long offers nothing. */
const runnerSilenceMs = 90_000;

/** How a run stands in its queue; null for one that is in none. */
export async function findWaiting(
  store: Store,
  run: Run,
  now: number,
): Promise<Waiting | null> {
  if (run.state !== "queued") return null;
  const [offers, places] = await Promise.all([
    store.runners.liveOffers(now - runnerSilenceMs),
    store.runs.queuePlaces([run]),
  ]);
  return {
    missing: missingLabels(run.labels, offers),
    position: places.get(run.number) ?? null,
    seconds: Math.max(0, Math.floor((now - run.queuedAt) / 1000)),
  };
}
