import { answerPiece } from "../kit/respond.tsx";
import { LogLines } from "./log_lines.tsx";
import type { Line } from "./read_lines.ts";
import { type Searched, SearchResults } from "./search_view.tsx";
import type { ShownLog } from "./shown_log.ts";

/** Answers with lines of a log. */
export function answerLines(lines: readonly Line[]): Response {
  return answerPiece(<LogLines lines={lines} />);
}

/** Answers with what a search found; null when nothing was looked for. */
export function answerSearch(
  shown: ShownLog,
  searched: Searched | null,
): Response {
  return answerPiece(
    searched === null
      ? ""
      : <SearchResults shown={shown} searched={searched} />,
  );
}
