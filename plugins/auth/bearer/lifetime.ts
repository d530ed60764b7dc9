import { parseDurationMs } from "../../../core/duration.ts";

const dayMs = 24 * 3_600_000;

/** How long a rotated token may work on. */
export const maxGraceMs = 30 * dayMs;

/** How long it does unless told. */
export const defaultGrace = "24h";

/** What a lifetime may be, for refusals. */
export const lifetimes =
  "never, or a number of hours, days or weeks such as 12h, 90d, 8w";

/** What a grace may be, for refusals. */
export const graces =
  "0, or a number of hours, days or weeks up to 30d, such as 24h";

/** Reads how long a token lives, in ms: `never` (null) or a duration; undefined when the text is neither. */
export function parseLifetime(text: string): number | null | undefined {
  return text === "never" ? null : parseDurationMs(text) ?? undefined;
}

/** Reads how long a rotated token works on, in ms; null when the text is none, or too long. */
export function parseGraceMs(text: string): number | null {
  const ms = text === "0" ? 0 : parseDurationMs(text);
  return ms !== null && ms <= maxGraceMs ? ms : null;
}
