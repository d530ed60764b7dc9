import { type LineIndex, locate, pieceBytes } from "./line_index.ts";
import type { ReadLog } from "./read_lines.ts";

/** Bytes read at a time. */
const readBytes = 16 * pieceBytes;

/** What is kept of a line that goes over several reads. */
const maxLineLength = readBytes;

/** Where to begin in a log: a byte, and the number (from 1) of the line that it lies in. */
export type LogPlace = { readonly byte: number; readonly line: number };

/** Some whole lines of a log. */
export type WholeLines = {
  /** Number of the first one. */
  readonly first: number;
  readonly text: string;
  /** Bytes read so far. */
  readonly readBytes: number;
};

/** A place before a line, as near as the index knows. */
export function placeBefore(index: LineIndex, line: number): LogPlace {
  const { piece } = locate(index, line);
  const before = piece === 0 ? 0 : index.feeds[piece - 1] ?? 0;
  return { byte: piece * pieceBytes, line: before + 1 };
}

/**
 * Reads a log as texts of whole lines, up to `bytes`; few are in memory
 * together. Of a line that is longer than any that is written by hand only the end is there.
 */
export async function* wholeLines(
  read: ReadLog,
  from: LogPlace,
  bytes: number,
): AsyncGenerator<WholeLines> {
  const decoder = new TextDecoder();
  let { line } = from;
  let rest = "";
  for (let start = from.byte; start < bytes; start += readBytes) {
    const end = Math.min(bytes, start + readBytes);
    const isLast = end === bytes;
    const text = rest +
      decoder.decode(await read(start, end), { stream: !isLast });
    const cut = isLast ? text.length : text.lastIndexOf("\n") + 1;
    const whole = text.slice(0, cut);
    if (whole !== "") {
      yield { first: line, text: whole, readBytes: end - from.byte };
    }
    line += feedsBefore(whole, whole.length);
    rest = text.slice(cut).slice(-maxLineLength);
  }
}

/** Line feeds in a text before a position, from another one on. */
export function feedsBefore(text: string, end: number, from = 0): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < end;) {
    count++;
    at = text.indexOf("\n", at + 1);
  }
  return count;
}
