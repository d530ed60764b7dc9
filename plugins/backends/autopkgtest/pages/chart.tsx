import { visible } from "../../../../ui/kit/mod.ts";
import { countedStates, type Counts, type Series, totalOf } from "./series.ts";

const width = 300;
const height = 90;

/** The states of a place's packages over time, one above the other. */
export function StatusChart(
  { series, since }: { series: Series; since: string },
) {
  const { suite, arch, points, now } = series;
  const highest = Math.max(1, ...points.map(totalOf));
  const place = `${visible(suite)} on ${visible(arch)}`;
  return (
    <figure class="status-chart">
      <figcaption>{place}</figcaption>
      <svg
        role="img"
        aria-label={`${place} since ${since}, now: ${describe(now)}`}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        width={width}
        height={height}
      >
        {countedStates.map((state, at) => (
          <path class={`area ${state}`} d={areaOf(points, at, highest)} />
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

/** The outline of what lies between a state's upper and lower edge. */
export function areaOf(
  points: readonly Counts[],
  at: number,
  highest: number,
): string {
  // A single point is drawn as a span.
  const all = points.length === 1 ? [...points, ...points] : points;
  const step = width / Math.max(1, all.length - 1);
  const edge = (states: number) =>
    all.map((counts, index) => {
      const sum = countedStates.slice(0, states)
        .reduce((total, state) => total + counts[state], 0);
      return `${round(index * step)},${round(height - sum / highest * height)}`;
    });
  return `M${edge(at + 1).join(" ")} ${edge(at).toReversed().join(" ")}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
