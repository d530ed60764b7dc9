const hourMs = 3_600_000;

const unitMs: Readonly<Record<string, number>> = {
  h: hourMs,
  d: 24 * hourMs,
  w: 7 * 24 * hourMs,
};

/** A hundred years: what is longer was meant to be `never`. */
const maxMs = 36_500 * 24 * hourMs;

/** Reads a duration such as `90d`, `12h` or `2w` as milliseconds; null when the text is none. */
export function parseDurationMs(text: string): number | null {
  const [, count, unit = ""] = text.match(/^([1-9]\d{0,6})([hdw])$/) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? NaN);
  return ms <= maxMs ? ms : null;
}
