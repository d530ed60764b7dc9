/** Durations from `fromMs` to before `toMs`. */
export type Bin = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
};

/** Widths that people read easily, in ms. */
const widths = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400]
    .map((seconds) => seconds * 1000),
);

const maxBins = 24;

/**
 * Counts durations in bins of an even, round width. What takes longer than 98 of 100 comes
 * into the last bin, so that one that hung does not press all others into the first.
 */
export function histogram(durationsMs: readonly number[]): readonly Bin[] {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const longest = sorted.at(-1);
  if (longest === undefined) return [];
  const usual = sorted[Math.ceil(sorted.length * 0.98) - 1] ?? longest;
  const width = widths.find((each) => usual / each < maxBins) ??
    Math.ceil((usual + 1) / maxBins);
  const length = Math.floor(usual / width) + 1;
  const counts = new Array<number>(length).fill(0);
  for (const each of sorted) {
    const at = Math.min(length - 1, Math.floor(each / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count, at) => ({
    fromMs: at * width,
    toMs: at === length - 1
      ? Math.max(longest + 1, (at + 1) * width)
      : (at + 1) * width,
    count,
  }));
}

/** The middle of some durations; null when there are none. */
export function median(durationsMs: readonly number[]): number | null {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
