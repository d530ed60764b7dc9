import { RE2JS } from "re2js";

/**
 * A regular expression as Go reads it, which differs from JavaScript's in
 * what it knows (`(?i)`, `\z`, no lookahead) and never takes longer than the
 * text is long, whatever the pattern.
 *
 * @throws Error that says what is wrong with the pattern.
 */
export function goRegExp(pattern: string): { test(text: string): boolean } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find() };
}
