import { pieceBytes } from "./line_index.ts";
import type { ReadLog } from "./read_lines.ts";

/** Words with which tools say that something failed, as far as they agree. */
const failing =
  /\bFAIL(?:ED|URE)?\b|\bFATAL\b|\bERROR\b|\b[Ee]rror:|\bfatal:|\bpanic:|Traceback \(most recent call last\)|\*\*\* \[|^not ok \d|AssertionError|command not found|Segmentation fault/m;

/** The number (from 1) of the first line that says that something failed; null when none does. */
export async function findFailure(
  read: ReadLog,
  bytes: number,
): Promise<number | null> {
  const decoder = new TextDecoder();
  let lines = 0;
  let rest = "";
  for (let start = 0; start < bytes; start += 8 * pieceBytes) {
    const end = Math.min(bytes, start + 8 * pieceBytes);
    const isLast = end === bytes;
    const text = rest +
      decoder.decode(await read(start, end), { stream: !isLast });
    // A line is looked at whole, unless it is longer than any that is written by hand.
    const cut = isLast ? text.length : text.lastIndexOf("\n") + 1;
    const whole = text.slice(0, cut);
    const found = failing.exec(whole);
    if (found !== null) return lines + 1 + feedsBefore(whole, found.index);
    lines += feedsBefore(whole, whole.length);
    rest = text.slice(cut).slice(-pieceBytes);
  }
  return null;
}

function feedsBefore(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end;) {
    count++;
    at = text.indexOf("\n", at + 1);
  }
  return count;
}
