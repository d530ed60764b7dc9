import type { Ending } from "../core/page_data.ts";
import { type Bin, histogram, median } from "./histogram.ts";
import { duration } from "./kit/time.tsx";

/** Runs that the figures are made of: the newest. */
export const sampleSize = 1_000;

const height = 56;
const barWidth = 12;

/** Pass rate and durations of a sample. */
export function Statistics({ sample }: { sample: readonly Ending[] }) {
  if (sample.length === 0) return null;
  const good =
    sample.filter(({ state }) => state === "passed" || state === "neutral")
      .length;
  const judged = sample.filter(({ state }) => state !== "aborted").length;
  const durations = sample.flatMap(({ durationMs }) =>
    durationMs === null ? [] : [durationMs]
  );
  const middle = median(durations);
  const isAll = sample.length < sampleSize;
  return (
    <section class="statistics" aria-label="Statistics">
      <p>
        <strong>
          {judged === 0 ? "No" : passRate(good, judged)}
        </strong>{" "}
        {judged === 0
          ? "result: all were aborted"
          : `passed (${good} of ${judged} with a result)`}
        {middle !== null && <>{" · "}half take at most {duration(middle)}</>}
        <small>
          {isAll
            ? "Of all runs here that have ended."
            : `Of the newest ${sampleSize} runs here that have ended.`}
        </small>
      </p>
      {durations.length > 0 && <Histogram bins={histogram(durations)} />}
    </section>
  );
}

/** `good` of `judged` in per cent, to one decimal: 100 only when all are good, 0 only when none is. */
export function passRate(good: number, judged: number): string {
  if (good === 0 || good === judged) return good === 0 ? "0 %" : "100 %";
  const perMille = Math.round(good / judged * 1000);
  return `${Math.min(Math.max(perMille, 1), 999) / 10} %`;
}

function Histogram({ bins }: { bins: readonly Bin[] }) {
  const highest = Math.max(...bins.map(({ count }) => count));
  const width = bins.length * barWidth;
  const [first, last] = [bins[0], bins.at(-1)];
  return (
    <figure>
      <svg
        role="img"
        aria-label={`Durations: ${bins.map(describe).join("; ")}`}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
      >
        {bins.map((bin, at) => {
          const bar = bin.count === 0
            ? 0
            : Math.max(1, Math.round(bin.count / highest * height));
          return (
            <rect
              x={at * barWidth}
              y={height - bar}
              width={barWidth - 1}
              height={bar}
            >
              <title>{describe(bin)}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        {duration(first?.fromMs ?? 0)} to {duration(last?.toMs ?? 0)}
      </figcaption>
    </figure>
  );
}

function describe({ fromMs, toMs, count }: Bin): string {
  return `${duration(fromMs)} to ${duration(toMs)}: ${count}`;
}
