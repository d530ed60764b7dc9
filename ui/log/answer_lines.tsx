import { answerPiece } from "../kit/respond.tsx";
import { LogLines } from "./log_lines.tsx";
import type { Line } from "./read_lines.ts";

/** Answers with lines of a log. */
export function answerLines(lines: readonly Line[]): Response {
  return answerPiece(<LogLines lines={lines} />);
}
