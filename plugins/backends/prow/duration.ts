const units = new Map([
  ["ns", 1e-9],
  ["us", 1e-6],
  ["µs", 1e-6],
  ["μs", 1e-6],
  ["ms", 1e-3],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

/** Go counts nanoseconds in 64 bits; what does not fit is no duration. */
const maxSeconds = 9_223_372_036;

/** Seconds of a duration as Go writes it (`1h30m`, `15s`, `0`), or null when it is none. */
export function durationSeconds(text: string): number | null {
  if (/^[-+]?0$/.test(text)) return 0;
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[-+]/, "");
  if (rest === "") return null;
  let seconds = 0;
  while (rest !== "") {
    const part = /^(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/.exec(rest);
    if (part === null) return null;
    seconds += Number(part[1]) * (units.get(part[2] ?? "") ?? 0);
    rest = rest.slice(part[0].length);
  }
  return seconds > maxSeconds ? null : sign * seconds;
}
