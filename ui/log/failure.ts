import { withoutEscapes } from "./ansi.ts";
import type { ReadLog } from "./read_lines.ts";
import { feedsBefore, type LogPlace, wholeLines } from "./whole_lines.ts";

/** Words with which tools say that something failed, as far as they agree. */
const failing =
  /\bFAIL(?:ED|URE)?\b|\bFATAL\b|\bERROR\b|\b[Ee]rror:|\bfatal:|\bpanic:|Traceback \(most recent call last\)|\*\*\* \[|^not ok \d|AssertionError|command not found|Segmentation fault|\b[1-9]\d* (?:of \d+ )?(?:[a-z]+ ){0,3}failed\b/m;

/** Bytes that one request looks through. */
export const failureBytes = 16 * 1024 * 1024;

/** What became of a look for a failure. */
export type FailureFound =
  | { readonly kind: "found"; readonly line: number }
  | { readonly kind: "none" }
  /** There is more to look through, from this line on. */
  | { readonly kind: "more"; readonly line: number };

/** Looks for the first line that says that something failed; `giveWay` is awaited between pieces. */
export async function findFailure(
  read: ReadLog,
  bytes: number,
  from: LogPlace = { byte: 0, line: 1 },
  giveWay: () => Promise<void> = () => Promise.resolve(),
): Promise<FailureFound> {
  for await (
    const { first, text, readBytes } of wholeLines(read, from, bytes)
  ) {
    const plain = withoutEscapes(text);
    const found = failing.exec(plain);
    if (found !== null) {
      return { kind: "found", line: first + feedsBefore(plain, found.index) };
    }
    if (readBytes >= failureBytes && from.byte + readBytes < bytes) {
      return { kind: "more", line: first + feedsBefore(text, text.length) };
    }
    await giveWay();
  }
  return { kind: "none" };
}
