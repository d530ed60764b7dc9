import type { RunFilter, Runs } from "../../../../core/backend.ts";
import type { Run } from "../../../../core/run.ts";

/** Runs read at a time. */
const batchSize = 200;

/** The newest runs that one request looks at, whatever it keeps of them. */
export const maxScanned = 10_000;

/** Some runs of a scan. */
export type Batch = {
  readonly runs: readonly Run[];
  /** Where to go on, as `before`; null at the end. */
  readonly next: number | null;
};

/** Goes through the runs that pass a filter, newest first, a batch at a time: few are in memory together. */
export async function* scanRuns(
  runs: Runs,
  filter: RunFilter,
): AsyncGenerator<Batch> {
  let rest: { before?: number } = {};
  for (let left = maxScanned; left > 0; left -= batchSize) {
    const limit = Math.min(left, batchSize);
    const found = await runs.list({ ...filter, ...rest, limit });
    const last = found.at(-1);
    const next = found.length < limit || !last ? null : last.number;
    yield { runs: found, next };
    if (next === null) return;
    rest = { before: next };
  }
}
