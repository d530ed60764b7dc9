const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A span of time with its two largest units: `1 h 3 min`, `4.2 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const first = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[first] ?? units[3];
  const whole = `${Math.floor(ms / size)} ${name}`;
  const [next, nextSize] = units[first + 1] ?? ["", 0];
  const rest = nextSize === 0 ? 0 : Math.floor(ms % size / nextSize);
  return rest === 0 ? whole : `${whole} ${rest} ${next}`;
}

/** A moment as people speak of it; the exact one on hover and for programs. */
export function Time({ at, now }: { at: number; now: number }) {
  const exact = new Date(at).toISOString();
  return <time datetime={exact} title={exact}>{relative(at, now)}</time>;
}

/** `3 min ago`, `in 2 h`; only the largest unit. */
export function relative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  const [name, size] = units.find(([, size]) => distance >= size) ?? ["", 0];
  if (size === 0) return "now";
  const text = `${Math.floor(distance / size)} ${name}`;
  return at <= now ? `${text} ago` : `in ${text}`;
}
