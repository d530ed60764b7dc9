import type { EndState } from "../../../core/run.ts";
import { statusOf } from "./outcome.ts";

/** That many packages more came to a state on a day, or fewer. */
export type StateChange = {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly state: EndState;
  readonly change: number;
};

/** How the packages of a suite and architecture did at a moment: debci's status.json (wire 2.3). */
export type StatusCount = {
  readonly pass: number;
  readonly fail: number;
  readonly neutral: number;
  readonly tmpfail: number;
  readonly total: number;
  /** `2026-11-22T01:55:13`, in UTC. */
  readonly date: string;
};

const dayMs = 86_400_000;

/** The day of a moment, counted from 1970. */
export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / dayMs);
}

/**
 * The counts at the end of each day from the first result on, and of today as
 * they are now. Changes come by day; empty when there are none.
 */
export function countStatuses(
  changes: readonly StateChange[],
  now: number,
): StatusCount[] {
  const [first] = changes;
  if (first === undefined) return [];
  const today = Math.max(dayOf(now), changes.at(-1)?.day ?? 0);
  const counts = { pass: 0, fail: 0, neutral: 0, tmpfail: 0 };
  const days: StatusCount[] = [];
  let at = 0;
  for (let day = first.day; day <= today; day++) {
    for (; changes[at]?.day === day; at++) {
      const { state, change } = changes[at] ?? first;
      counts[statusOf[state]] += change;
    }
    const moment = Math.min((day + 1) * dayMs - 1, Math.max(now, day * dayMs));
    days.push(statusCount(counts, moment));
  }
  return days;
}

/** No package has a result. */
export function noStatuses(now: number): StatusCount {
  return statusCount({ pass: 0, fail: 0, neutral: 0, tmpfail: 0 }, now);
}

function statusCount(
  { pass, fail, neutral, tmpfail }: Omit<StatusCount, "total" | "date">,
  epochMs: number,
): StatusCount {
  return {
    pass,
    fail,
    neutral,
    tmpfail,
    total: pass + fail + neutral + tmpfail,
    date: new Date(epochMs).toISOString().slice(0, 19),
  };
}
