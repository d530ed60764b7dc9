import type { Run } from "../../core/run.ts";
import type { PagesParts } from "../parts.ts";
import type { LineIndexes } from "./indexes.ts";
import { lineCount } from "./line_index.ts";
import { maxSearchLength, type Search, searchLog } from "./search.ts";
import type { Searched } from "./search_view.tsx";
import { placeBefore } from "./whole_lines.ts";

/** What a query looks for; null for nothing. Only what a log's lines can hold is looked for. */
export function readSearch(
  query: Readonly<Record<string, string | undefined>>,
): Search | null {
  const text = (query.search ?? "").slice(0, maxSearchLength).toWellFormed()
    .replace(/[\r\n].*$/s, "");
  return text === "" ? null : { text, isExact: query.case === "1" };
}

/** A line's number in a query, 1 for what is none. */
export function readLineNumber(text: string | undefined): number {
  return /^[1-9]\d{0,8}$/.test(text ?? "") ? Number(text) : 1;
}

/** Searches a run's log from a line on. */
export async function searchRun(
  { logs, giveWay }: PagesParts,
  indexes: LineIndexes,
  run: Run,
  search: Search,
  first: number,
): Promise<Searched> {
  const index = await indexes.of(run);
  const found = await searchLog(
    (start, end) => logs.read(run, start, end),
    { bytes: index.bytes, from: placeBefore(index, first), first },
    search,
    giveWay,
  );
  return { ...found, search, first, lines: lineCount(index) };
}
