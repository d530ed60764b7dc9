import { type Database, type Row, sql } from "../../../../core/database.ts";
import type { EndState } from "../../../../core/run.ts";
import type { Place } from "../history.ts";
import { dayOf } from "../status_count.ts";

/** How many packages did how, at the end of a span of days. */
export type Counts = Readonly<Record<CountedState, number>>;

/** States that a package may be in, from the bottom of a chart to its top. */
export const countedStates = [
  "passed",
  "neutral",
  "failed",
  "errored",
] as const satisfies readonly EndState[];

export type CountedState = (typeof countedStates)[number];

/** How the packages of one place did, from the first result of all to now. */
export type Series = Place & {
  readonly points: readonly Counts[];
  /** The last of the points. */
  readonly now: Counts;
};

/** The same span for all series, so that they can be compared. */
export type Chart = {
  /** Days since 1970. */
  readonly firstDay: number;
  readonly series: readonly Series[];
};

/** As many as a chart has, at most (debci has 101). */
const maxPoints = 101;

const none: Counts = { passed: 0, neutral: 0, failed: 0, errored: 0 };

/** How states changed over the days in some places; null where nothing has a result. */
export async function readChart(
  database: Database,
  places: readonly Place[],
  now: number,
): Promise<Chart | null> {
  const chosen = JSON.stringify(places);
  const [start] = await database.query(sql`
    select min((
      select min(day) from autopkgtest_status_change
      where suite = place.value ->> 'suite' and arch = place.value ->> 'arch'
    )) as day from json_each(${chosen}) as place`);
  if (start === undefined || start.day === null) return null;
  const firstDay = Number(start.day);
  const days = Math.max(1, dayOf(now) - firstDay + 1);
  const daysEach = Math.ceil(days / maxPoints);
  const starts = Array.from(
    { length: Math.ceil(days / daysEach) },
    (_, at) => firstDay + at * daysEach,
  );
  const changes = await readChanges(database, chosen, starts);
  const series = places.map((place, at) => {
    const points = toPoints((changes.get(at) ?? []).map(toChange));
    return { ...place, points, now: points.at(-1) ?? none };
  });
  return { firstDay, series };
}

/** By the place's index, what changed from each of the days to the next, and since the last. */
async function readChanges(
  database: Database,
  chosen: string,
  starts: readonly number[],
): Promise<Map<number, Row[]>> {
  const spans = starts.map((from, at) => ({
    from,
    // What a clock that was ahead wrote counts as of now.
    until: starts[at + 1] ?? Number.MAX_SAFE_INTEGER,
  }));
  const rows = await database.query(sql`
    select place.key as place, (
      select json_array(
        total(change) filter (where state = 'passed'),
        total(change) filter (where state = 'neutral'),
        total(change) filter (where state = 'failed'),
        total(change) filter (where state = 'errored')
      )
      from autopkgtest_status_change
      where suite = place.value ->> 'suite' and arch = place.value ->> 'arch'
        and day >= span.value ->> 'from' and day < span.value ->> 'until'
    ) as changes
    from json_each(${chosen}) as place cross join json_each(${
    JSON.stringify(spans)
  }) as span
    order by place.key, span.key`);
  return Map.groupBy(rows, ({ place }) => Number(place));
}

/** In the order of `countedStates`. */
function toChange(row: Row): Counts {
  const [passed = 0, neutral = 0, failed = 0, errored = 0] = JSON.parse(
    String(row.changes),
  ) as number[];
  return { passed, neutral, failed, errored };
}

/** The sums of the changes up to each point. */
export function toPoints(changes: readonly Counts[]): Counts[] {
  let sums = none;
  return changes.map((change) => {
    sums = {
      passed: sums.passed + change.passed,
      neutral: sums.neutral + change.neutral,
      failed: sums.failed + change.failed,
      errored: sums.errored + change.errored,
    };
    return sums;
  });
}

/** All packages together. */
export function totalOf(counts: Counts): number {
  return countedStates.reduce((sum, state) => sum + counts[state], 0);
}
