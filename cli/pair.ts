import { UsageError } from "./failure.ts";

/**
 * Reads `NAME=VALUE` texts, the later of two with one name counts.
 *
 * @throws UsageError when a text has no `=`, or no name before it.
 */
export function readPairs(
  option: string,
  texts: readonly string[],
): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(
      `${option} takes NAME=VALUE, not ${JSON.stringify(text)}`,
    );
  }));
}
