/** A number where Prow wants text, as Go writes it: a fraction has the precision of 32 bits. */
export function goNumberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Number.isInteger(value)) return String(value);
  const single = Math.fround(value);
  let digits = 1;
  while (
    digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single
  ) digits++;
  return withGoExponent(Number(single.toPrecision(digits)));
}

/** Go turns to an exponent of two digits and more from six integer digits on. */
function withGoExponent(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(value);
  return value.toExponential().replace(/e([-+])(\d)$/, "e$10$2");
}
