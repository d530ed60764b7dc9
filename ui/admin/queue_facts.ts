import type { RunnerFacts, Share } from "../../core/administration.ts";
import {
  isMet,
  type Labels,
  missingLabels,
  queueKey,
} from "../../core/label.ts";
import type { Queue } from "../../core/page_data.ts";
import { doingOf } from "./runner_state.ts";

/** A queue, whose runs are in it, and who can serve it. */
export type QueueFacts = Queue & {
  /** The largest first. */
  readonly shares: readonly Share[];
  /** Owners in all. */
  readonly owners: number;
  readonly served: readonly RunnerFacts[];
  readonly paused: readonly RunnerFacts[];
  readonly silent: readonly RunnerFacts[];
  /** What the nearest of the runners at work lacks; empty when there is one that serves it. */
  readonly missing: Labels;
};

/** What is known of queues, out of what is known of runners. */
export function toQueueFacts(known: {
  readonly queues: readonly Queue[];
  readonly shares: readonly Share[];
  readonly runners: readonly RunnerFacts[];
  /** How many runs each runner has in hand, by its id. */
  readonly inHand: ReadonlyMap<string, number>;
  readonly now: number;
}): readonly QueueFacts[] {
  const { queues, shares, runners, inHand, now } = known;
  const byQueue = Map.groupBy(shares, ({ labels }) => queueKey(labels));
  const doing = new Map(
    runners.map((
      runner,
    ) => [runner.id, doingOf(runner, inHand.get(runner.id) ?? 0, now)]),
  );
  const atWork = runners.filter(({ id }) =>
    ["works", "idle"].includes(doing.get(id) ?? "")
  );
  const offers = atWork.flatMap((runner) => runner.offers);
  return queues.map((queue) => {
    const own = byQueue.get(queueKey(queue.labels)) ?? [];
    const able = runners.filter(({ offers }) => isMet(queue.labels, offers));
    const among = (...states: string[]) =>
      able.filter(({ id }) => states.includes(doing.get(id) ?? ""));
    return {
      ...queue,
      shares: own,
      owners: own[0]?.owners ?? 0,
      served: among("works", "idle"),
      paused: among("draining", "drained"),
      silent: among("silent"),
      missing: missingLabels(queue.labels, offers),
    };
  });
}
