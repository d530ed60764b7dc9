import { type LineIndex, locate, pieceBytes } from "./line_index.ts";

/** A line of a log, as far as it is shown. */
export type Line = {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Bytes of it that are left out. */
  readonly hiddenBytes: number;
};

/** Reads bytes of a log. */
export type ReadLog = (start: number, end: number) => Promise<Uint8Array>;

/** More of a line is not shown; the file has it. */
const maxLineBytes = 4_000;

/** Reads `count` lines from the line `first` (from 1) on; fewer at the log's end. */
export async function readLines(
  read: ReadLog,
  index: LineIndex,
  first: number,
  count: number,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const { piece: from, skip } = locate(index, first);
  let toSkip = skip;
  let line = new LineBuffer();
  for (
    let piece = from;
    piece < index.feeds.length && lines.length < count;
    piece++
  ) {
    const start = piece * pieceBytes;
    const end = Math.min(start + pieceBytes, index.bytes);
    // The middle of a very long line need not be read.
    const hasFeed = index.feeds[piece] !== index.feeds[piece - 1];
    if (toSkip === 0 && line.isFull && !hasFeed) {
      line.hide(end - start);
      continue;
    }
    const bytes = await read(start, end);
    for (let at = 0; at < bytes.byteLength && lines.length < count;) {
      const feed = bytes.indexOf(10, at);
      if (toSkip > 0) {
        if (feed < 0) break;
        toSkip--;
      } else {
        line.add(bytes.subarray(at, feed < 0 ? bytes.byteLength : feed));
        if (feed < 0) break;
        lines.push(line.toLine(first + lines.length));
        line = new LineBuffer();
      }
      at = feed + 1;
    }
  }
  if (lines.length < count && line.hasContent) {
    lines.push(line.toLine(first + lines.length));
  }
  return lines;
}

class LineBuffer {
  #bytes = new Uint8Array(0);
  #hidden = 0;

  get isFull(): boolean {
    return this.#bytes.byteLength >= maxLineBytes;
  }

  get hasContent(): boolean {
    return this.#bytes.byteLength > 0;
  }

  hide(count: number): void {
    this.#hidden += count;
  }

  add(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, maxLineBytes - this.#bytes.byteLength);
    this.hide(bytes.byteLength - kept.byteLength);
    const all = new Uint8Array(this.#bytes.byteLength + kept.byteLength);
    all.set(this.#bytes);
    all.set(kept, this.#bytes.byteLength);
    this.#bytes = all;
  }

  toLine(number: number): Line {
    // What is not UTF-8 becomes replacement characters.
    const text = new TextDecoder().decode(this.#bytes);
    return { number, text, hiddenBytes: this.#hidden };
  }
}
