/** One part of a pattern: a character that must fit, or any number of characters. */
type Part = { readonly fits: (character: string) => boolean } | "any";

/**
 * Reads a pattern of Go's `path.Match`, which Deck's badges take: `*`, `?`,
 * `[a-z]`, `[^a-z]` and `\` before a character that stands for itself. A
 * pattern that is not complete matches nothing. Matching takes no more steps
 * than the pattern's length times the name's.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  const parts = readParts(Array.from(pattern));
  if (parts === null) return () => false;
  const known = new Map<string, boolean>();
  return (name) => {
    const fits = known.get(name) ?? matches(parts, Array.from(name));
    known.set(name, fits);
    return fits;
  };
}

/** Whether a text has none of the pattern's special characters. */
export function isPlain(pattern: string): boolean {
  return !/[*?[\\]/.test(pattern);
}

function matches(parts: readonly Part[], name: readonly string[]): boolean {
  let at = 0;
  let part = 0;
  // The last `*`, and how far it reaches for now.
  let star = -1;
  let reach = 0;
  while (at < name.length) {
    const current = parts[part];
    if (current === "any") {
      star = part++;
      reach = at;
    } else if (current?.fits(name[at] ?? "")) {
      at++;
      part++;
    } else if (star >= 0 && name[reach] !== "/") {
      part = star + 1;
      at = ++reach;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((each) => each === "any");
}

function readParts(pattern: readonly string[]): Part[] | null {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    if (character === "*") {
      if (parts.at(-1) !== "any") parts.push("any");
    } else if (character === "?") {
      parts.push({ fits: (each) => each !== "/" });
    } else if (character === "[") {
      const set = readSet(pattern, at + 1);
      if (set === null) return null;
      parts.push(set.part);
      at = set.end;
    } else {
      if (character === "\\") at++;
      const literal = pattern[at];
      if (literal === undefined) return null;
      parts.push({ fits: (each) => each === literal });
    }
  }
  return parts;
}

/** A set such as `[^a-z_]`, its closing bracket at `end`; null when it is not complete. */
function readSet(
  pattern: readonly string[],
  start: number,
): { part: Part; end: number } | null {
  let at = start;
  const take = () => {
    if (pattern[at] === "]" || pattern[at] === "-") return undefined;
    if (pattern[at] === "\\") at++;
    return pattern[at++];
  };
  const isNegated = pattern[at] === "^";
  if (isNegated) at++;
  const ranges: { readonly low: string; readonly high: string }[] = [];
  do {
    const low = take();
    const isRange = pattern[at] === "-";
    if (isRange) at++;
    const high = isRange ? take() : low;
    if (low === undefined || high === undefined) return null;
    ranges.push({ low, high });
  } while (pattern[at] !== "]");
  const isIn = memberOf(ranges);
  return { part: { fits: (each) => isIn(each) !== isNegated }, end: at };
}

/** Decides for each character once: a set may be long, and names are many. */
function memberOf(
  ranges: readonly { readonly low: string; readonly high: string }[],
): (character: string) => boolean {
  const known = new Map<string, boolean>();
  return (character) => {
    const isIn = known.get(character) ??
      ranges.some(({ low, high }) => low <= character && character <= high);
    known.set(character, isIn);
    return isIn;
  };
}
