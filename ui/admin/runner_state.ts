import type { RunnerFacts } from "../../core/administration.ts";
import type { Offer } from "../../core/label.ts";

/** A runner that was not heard of for this long, and has no run, is silent: it gets no work. */
export const silentMs = 90_000;

/** Runners that were not heard of for this long are listed when all are asked for. */
export const listedMs = 7 * 86_400_000;

/** What a runner does, as people speak of it. */
export type Doing =
  | "works"
  | "idle"
  | "silent"
  | "draining"
  | "drained"
  | "revoked";

/** What a runner does that has so many runs in hand. */
export function doingOf(
  { state, seenAt }: Pick<RunnerFacts, "state" | "seenAt">,
  inHand: number,
  now: number,
): Doing {
  switch (state) {
    case "revoked":
      return "revoked";
    case "paused":
      return inHand > 0 ? "draining" : "drained";
    case "active":
      if (inHand > 0) return "works";
      return now - seenAt > silentMs ? "silent" : "idle";
    default:
      return state satisfies never;
  }
}

/** What a state means, for who reads it the first time. */
export const meanings: Readonly<Record<Doing, string>> = {
  works: "It has runs in hand.",
  idle: "It waits for work.",
  silent:
    "It has not asked for work lately: it is stopped, or cannot reach the server.",
  draining: "It is paused: it finishes what it has and gets nothing new.",
  drained:
    "It is paused and has nothing in hand: it can be stopped or updated.",
  revoked: "It is shut out for good; its runs have gone to others.",
};

/** An offer as people read it: `backend: prow; arch: amd64, arm64`. */
export function offerText(offer: Offer): string {
  const parts = Object.entries(offer).map(([label, values]) =>
    `${label}: ${values.includes("*") ? "any" : values.join(", ")}`
  );
  return parts.join("; ") || "what needs nothing in particular";
}
