import type { Logs } from "../../core/artifact.ts";
import { BoundedMap } from "../../core/bounded_map.ts";
import type { Run } from "../../core/run.ts";
import { emptyIndex, extendIndex, type LineIndex } from "./line_index.ts";

/** Bytes read at a time. */
const readBytes = 1024 * 1024;

/** Bytes between two turns of others: some 10 ms. */
const turnBytes = 4 * readBytes;

/** The line indexes of the logs that were looked at last. A log only grows, so each byte is counted once. */
export class LineIndexes {
  readonly #logs: Logs;
  readonly #known = new BoundedMap<string, LineIndex>(200);

  readonly #giveWay: () => Promise<void>;

  /** `giveWay` is awaited between pieces of a long log. */
  constructor(
    { logs, giveWay }: {
      readonly logs: Logs;
      readonly giveWay: () => Promise<void>;
    },
  ) {
    this.#logs = logs;
    this.#giveWay = giveWay;
  }

  /** The index of a log as far as it is written. */
  async of(run: Run): Promise<LineIndex> {
    const key = `${run.id}.${run.attempt}`;
    let index = this.#known.get(key) ?? emptyIndex;
    while (index.bytes < run.logBytes) {
      const end = Math.min(run.logBytes, index.bytes + readBytes);
      index = extendIndex(
        index,
        await this.#logs.read(run, index.bytes, end),
      );
      if (index.bytes % turnBytes === 0) await this.#giveWay();
    }
    // Somebody else may have come further meanwhile.
    const other = this.#known.get(key);
    if (other === undefined || other.bytes < index.bytes) {
      this.#known.set(key, index);
    }
    return index;
  }
}
