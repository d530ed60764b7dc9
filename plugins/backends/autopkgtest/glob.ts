/** A shell pattern for packages' names, taken apart once. */
export type Glob = {
  /** What every name that matches begins with. */
  readonly prefix: string;
  matches(name: string): boolean;
};

/** One character of a name, or any number of any. */
type Token = "any" | ((character: string) => boolean);

const token =
  /(?<literal>[a-z0-9+.-])|(?<star>\*+)|(?<question>\?)|\[(?<not>[!^]?)(?<set>[a-z0-9+.-]+)\]/g;

const pattern = /^(?:[a-z0-9+.*?-]|\[[!^]?[a-z0-9+.-]+\])+$/;

/** What is wrong with a pattern, or null. */
export function globFault(text: string): string | null {
  return pattern.test(text)
    ? null
    : `"${text}" is neither a package's name nor a pattern of a-z, 0-9, '+', '.', '-', '*', '?' and sets such as [a-c]`;
}

/**
 * Reads a pattern with `*`, `?` and `[…]` as the shell does. Matching takes at most the
 * length of the name times that of the pattern, whatever they are.
 *
 * @throws TypeError when `globFault` finds something wrong with it.
 */
export function readGlob(text: string): Glob {
  const fault = globFault(text);
  if (fault !== null) throw new TypeError(`Cannot read the pattern: ${fault}`);
  const [prefix = ""] = /^[^*?[]*/.exec(text) ?? [];
  if (prefix === text) return { prefix, matches: (name) => name === text };
  const tokens = readTokens(text.slice(prefix.length));
  // Most names end otherwise, which is found out much faster than by the tokens.
  const [suffix = ""] = /[^*?\]]*$/.exec(text) ?? [];
  return {
    prefix,
    matches: (name) =>
      name.startsWith(prefix) && name.endsWith(suffix) &&
      isMatch(tokens, name.slice(prefix.length)),
  };
}

function readTokens(text: string): Token[] {
  return [...text.matchAll(token)].map(({ groups = {} }) => toToken(groups));
}

function toToken(groups: Record<string, string>): Token {
  const { literal, star, question, not, set = "" } = groups;
  if (star) return "any";
  if (question) return () => true;
  if (literal) return (character) => character === literal;
  const members = setMembers(set);
  return (character) => members.has(character) === (not === "");
}

/** The characters of `a-cx`: a, b, c and x. */
function setMembers(set: string): Set<string> {
  const ranges = set.match(/.-.|./g) ?? [];
  return new Set(ranges.flatMap((range) => {
    if (range.length === 1) return [range];
    const [first = 0, last = 0] = [range.charCodeAt(0), range.charCodeAt(2)];
    return Array.from(
      { length: Math.max(0, last - first + 1) },
      (_, index) => String.fromCharCode(first + index),
    );
  }));
}

/** Goes back to the last star alone, which is enough: what an earlier one could take, it can take too. */
function isMatch(tokens: readonly Token[], name: string): boolean {
  let at = 0;
  let back: { token: number; at: number } | null = null;
  let index = 0;
  while (at < name.length) {
    const next = tokens[index];
    if (next === "any") back = { token: ++index, at };
    else if (next?.(name.charAt(at))) {
      index++;
      at++;
    } else if (back !== null) {
      back.at++;
      index = back.token;
      at = back.at;
    } else return false;
  }
  while (tokens[index] === "any") index++;
  return index === tokens.length;
}
