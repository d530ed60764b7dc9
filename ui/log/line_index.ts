/** Bytes between two entries of an index. */
export const pieceBytes = 64 * 1024;

/**
 * Where lines are in a log that may still grow: after each piece of
 * `pieceBytes`, the last one perhaps shorter, how many line feeds there are so far.
 */
export type LineIndex = {
  readonly bytes: number;
  readonly feeds: readonly number[];
  readonly endsInFeed: boolean;
};

export const emptyIndex: LineIndex = {
  bytes: 0,
  feeds: [],
  endsInFeed: true,
};

/** Lines that there are; the last may be without its end. */
export function lineCount({ feeds, endsInFeed }: LineIndex): number {
  return (feeds.at(-1) ?? 0) + (endsInFeed ? 0 : 1);
}

/** The index with the bytes that follow. */
export function extendIndex(index: LineIndex, more: Uint8Array): LineIndex {
  if (more.byteLength === 0) return index;
  const feeds = [...index.feeds];
  let count = feeds.at(-1) ?? 0;
  let bytes = index.bytes;
  for (let at = 0; at < more.byteLength;) {
    const piece = Math.floor(bytes / pieceBytes);
    const end = Math.min(
      more.byteLength,
      at + (piece + 1) * pieceBytes - bytes,
    );
    count += countFeeds(more.subarray(at, end));
    feeds[piece] = count;
    bytes += end - at;
    at = end;
  }
  return { bytes, feeds, endsInFeed: more.at(-1) === 10 };
}

/** The piece in which a line (from 1) begins, and how many lines begin before that piece ends its first: line feeds to skip in it. */
export function locate(
  { feeds }: LineIndex,
  line: number,
): { readonly piece: number; readonly skip: number } {
  const wanted = line - 1;
  let [low, high] = [0, feeds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((feeds[middle] ?? 0) >= wanted) high = middle;
    else low = middle + 1;
  }
  return { piece: low, skip: wanted - (low === 0 ? 0 : feeds[low - 1] ?? 0) };
}

function countFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    count++;
  }
  return count;
}
