import { type Database, sql } from "../../../../core/database.ts";
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
  const rows = await database.query(sql`
    select change.suite, change.arch, (day - ${firstDay}) / ${daysEach} as point, state,
      sum(change) as change
    from json_each(${chosen}) as place
    cross join autopkgtest_status_change as change
      on change.suite = place.value ->> 'suite' and change.arch = place.value ->> 'arch'
    group by place.key, point, state`);
  const changes = rows.map((row) => ({
    suite: String(row.suite),
    arch: String(row.arch),
    point: Number(row.point),
    state: row.state as EndState,
    change: Number(row.change),
  }));
  const count = Math.ceil(days / daysEach);
  const ofPlace = Map.groupBy(changes, keyOf);
  const series = places.map((place) => ({
    ...place,
    ...toPoints(ofPlace.get(keyOf(place)) ?? [], count),
  }));
  return { firstDay, series };
}

function keyOf({ suite, arch }: Place): string {
  return JSON.stringify([suite, arch]);
}

type PointChange = {
  readonly point: number;
  readonly state: EndState;
  readonly change: number;
};

/** The sums of the changes up to each point. */
export function toPoints(
  changes: readonly PointChange[],
  count: number,
): Pick<Series, "points" | "now"> {
  const ofPoint = Map.groupBy(
    changes,
    ({ point }) => Math.min(point, count - 1),
  );
  const sums = { ...none };
  const points: Counts[] = [];
  for (let point = 0; point < count; point++) {
    for (const { state, change } of ofPoint.get(point) ?? []) {
      // No package is in another state: a cancelled test is no result.
      if (state !== "aborted") sums[state] += change;
    }
    points.push({ ...sums });
  }
  return { points, now: points.at(-1) ?? none };
}

/** All packages together. */
export function totalOf(counts: Counts): number {
  return countedStates.reduce((sum, state) => sum + counts[state], 0);
}
