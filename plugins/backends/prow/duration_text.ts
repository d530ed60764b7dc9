/** A length of time as Go prints it: `1h2m3s`, `1m0s`, `1.5s`, `0s`. */
export function durationText(seconds: number): string {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const rest = Number((seconds - minutes * 60).toFixed(3));
  if (hours > 0) return `${hours}h${minutes % 60}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
