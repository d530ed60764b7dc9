import { visible } from "../../../../ui/kit/mod.ts";
import {
  type CountedState,
  countedStates,
  type Counts,
  type Series,
  totalOf,
} from "./series.ts";

const height = 100;

/** The states of a place's packages over time, one above the other. */
export function StatusChart(
  { series, since }: { series: Series; since: string },
) {
  const { suite, arch, points, now } = series;
  const highest = Math.max(1, ...points.map(totalOf));
  // A single point is drawn as a span.
  const all = points.length === 1 ? [...points, ...points] : points;
  const place = `${visible(suite)} on ${visible(arch)}`;
  return (
    <figure class="status-chart">
      <figcaption>{place}</figcaption>
      <svg
        role="img"
        aria-label={`${place} since ${since}, now: ${describe(now)}`}
        viewBox={`0 0 ${all.length - 1} ${height}`}
        preserveAspectRatio="none"
        width="300"
        height="90"
      >
        {/* Each goes down to the ground, behind those below it. */}
        {countedStates.toReversed().map((state) => (
          <path class={`area ${state}`} d={areaOf(all, state, highest)} />
        ))}
      </svg>
    </figure>
  );
}

/** The counts in words: `2 passed, 1 failed`. */
export function describe(counts: Counts): string {
  const words = countedStates.flatMap((state) =>
    counts[state] === 0 ? [] : [`${counts[state]} ${state}`]
  );
  return words.length === 0 ? "no result" : words.join(", ");
}

/** The outline of the packages in a state and in those below it. */
export function areaOf(
  points: readonly Counts[],
  state: CountedState,
  highest: number,
): string {
  const below = countedStates.slice(0, countedStates.indexOf(state) + 1);
  const edge = points.map((counts, at) => {
    const sum = below.reduce((total, each) => total + counts[each], 0);
    return `${at},${Math.round(height - sum / highest * height)}`;
  });
  return `M0,${height}L${edge.join(" ")}V${height}Z`;
}
