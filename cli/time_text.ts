import { UsageError } from "./failure.ts";

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The last moment that RFC 3339 can write. */
const maxTime = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * A moment in RFC 3339, out of an age (`12h`), a day or a moment, in UTC unless it
 * says otherwise. A day is its begin, and for `until` its end.
 *
 * @throws UsageError that says what there is.
 */
export function readTime(
  option: "since" | "until",
  text: string,
  now: number,
): string {
  const at = readAge(text, now) ?? readDay(option, text) ?? readMoment(text);
  if (at !== null && at >= 0 && at <= maxTime) {
    return new Date(at).toISOString();
  }
  throw new UsageError(
    `--${option} takes an age such as 30m, 12h, 7d or 2w, a day such as 2026-01-31, or a moment such as 2026-01-31T12:00Z, not ${
      JSON.stringify(text)
    }`,
  );
}

function readAge(text: string, now: number): number | null {
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return count === undefined
    ? null
    : now - Number(count) * (unitMs[unit] ?? NaN);
}

function readDay(option: "since" | "until", text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const begin = readMoment(`${text}T00:00Z`);
  if (begin === null || option === "since") return begin;
  return begin + 86_400_000;
}

function readMoment(text: string): number | null {
  const [, date, zone] =
    /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/
      .exec(text) ?? [];
  if (date === undefined) return null;
  const at = Date.parse(zone === undefined ? `${text}Z` : text);
  // The 31st of a month that has none would be another day.
  const isDay = new Date(`${date}T00:00Z`).toJSON()?.startsWith(date);
  return Number.isNaN(at) || !isDay ? null : at;
}
