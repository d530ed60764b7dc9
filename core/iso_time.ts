const msPerDay = 86_400_000;

/** Days whose date is kept: those of several years. */
const maxDays = 2000;
const dates = new Map<number, string>();

/** "00" to "59", and ".000Z" to ".999Z". */
const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
const thousandths = Array.from(
  { length: 1000 },
  (_, n) => `.${String(n).padStart(3, "0")}Z`,
);

/**
 * A moment (whole epoch ms) as `Date.toISOString` writes it, several times as
 * fast where many moments are of few days, as in a list of tests.
 *
 * @throws RangeError when it is no time that a `Date` can hold.
 */
export function toIso(epochMs: number): string {
  const day = Math.floor(epochMs / msPerDay);
  const ms = epochMs - day * msPerDay;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${
    two[seconds % 60]
  }`;
  return dateOf(day) + clock + thousandths[ms % 1000];
}

/** The date of a day since 1970, up to the `T`. */
function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * msPerDay).toISOString().slice(0, -13);
  if (dates.size >= maxDays) dates.clear();
  dates.set(day, date);
  return date;
}
