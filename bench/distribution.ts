/** What is told of a number of samples, in their own unit. */
export type Distribution = {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
};

/**
 * Sums samples up by nearest rank: each figure is one of them.
 *
 * @throws RangeError when there are none.
 */
export function distributionOf(samples: readonly number[]): Distribution {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const sample = sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)];
    if (sample !== undefined) return sample;
    throw new RangeError("Cannot sum up: there are no samples");
  };
  return {
    count: sorted.length,
    min: at(0),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
}
