import { shownText, withoutEscapes } from "./ansi.ts";
import type { ReadLog } from "./read_lines.ts";
import { feedsBefore, type LogPlace, wholeLines } from "./whole_lines.ts";

/** What is looked for: a text as it stands, in lines as they are shown. */
export type Search = {
  readonly text: string;
  readonly isExact: boolean;
};

/** A line that holds it, around the first place where it does. */
export type Hit = {
  readonly line: number;
  readonly before: string;
  readonly match: string;
  readonly after: string;
};

/** What one request found. */
export type Found = {
  readonly hits: readonly Hit[];
  /** The line from which to go on; null at the log's end. */
  readonly next: number | null;
};

/** Bounds of one request. */
export type SearchBounds = { readonly hits: number; readonly bytes: number };

export const searchBounds: SearchBounds = {
  hits: 100,
  bytes: 16 * 1024 * 1024,
};

/** Longest text that is looked for. */
export const maxSearchLength = 500;

/** What is shown around a match. */
const [maxBefore, maxAfter] = [60, 160];

/**
 * Searches a log from the line `first` on, which `from` lies before. Ends after
 * so many lines, or so many bytes; `giveWay` is awaited between pieces.
 */
export async function searchLog(
  read: ReadLog,
  log: {
    readonly bytes: number;
    readonly from: LogPlace;
    readonly first: number;
  },
  search: Search,
  giveWay: () => Promise<void>,
  bounds: SearchBounds = searchBounds,
): Promise<Found> {
  const hits: Hit[] = [];
  const { bytes, from, first } = log;
  for await (const piece of wholeLines(read, from, bytes)) {
    for (const hit of hitsIn(piece.text, piece.first, first, search)) {
      if (hits.length === bounds.hits) return { hits, next: hit.line };
      hits.push(hit);
    }
    if (
      piece.readBytes >= bounds.bytes && from.byte + piece.readBytes < bytes
    ) {
      const { text } = piece;
      return { hits, next: piece.first + feedsBefore(text, text.length) };
    }
    await giveWay();
  }
  return { hits, next: null };
}

/** The text is looked through as a whole; lines are told apart only where something is found. */
function* hitsIn(
  text: string,
  firstLine: number,
  wantedLine: number,
  search: Search,
): Generator<Hit> {
  const fold = (given: string) => search.isExact ? given : given.toLowerCase();
  const needle = fold(search.text);
  const folded = fold(withoutEscapes(text));
  let lines: readonly string[] | null = null;
  let [line, counted] = [firstLine, 0];
  for (let at = folded.indexOf(needle); at >= 0;) {
    line += feedsBefore(folded, at, counted);
    lines ??= text.split("\n");
    const feed = folded.indexOf("\n", at);
    counted = feed < 0 ? folded.length : feed;
    if (line >= wantedLine) {
      const shown = shownText(lines[line - firstLine] ?? "");
      const found = fold(shown).indexOf(needle);
      // It may be part of what the line itself has overwritten.
      if (found >= 0) yield toHit(line, shown, found, needle.length);
    }
    at = folded.indexOf(needle, counted);
  }
}

function toHit(
  line: number,
  shown: string,
  at: number,
  length: number,
): Hit {
  const start = Math.max(0, at - maxBefore);
  const end = at + length + maxAfter;
  return {
    line,
    before: (start > 0 ? "…" : "") + shown.slice(start, at),
    match: shown.slice(at, at + length),
    after: shown.slice(at + length, end) + (end < shown.length ? "…" : ""),
  };
}
