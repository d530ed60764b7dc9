/** A text as JSON, or what debci says of one that is not. */
export type JsonText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: string };

/** The most of a faulty text that is repeated to the caller. */
const maxEchoCharacters = 2000;

/** The depth of debci's parser. */
const maxDepth = 100;

/**
 * Parses a text. The fault repeats the text from where debci's parser stops
 * (wire 1.5): the element of an array that it cannot read, else the whole.
 */
export function parseJsonText(text: string): JsonText {
  // First, since millions of brackets take the platform's parser seconds.
  if (isTooDeep(text)) {
    return { ok: false, fault: `nesting of ${maxDepth + 1} is too deep` };
  }
  const value = tryParse(text);
  if (value.ok) return value;
  const start = skipSpace(text, 0);
  const element = text[start] === "[" ? faultyElement(text, start + 1) : null;
  return element === null
    ? { ok: false, fault: unexpected(859, text.slice(start)) }
    : { ok: false, fault: unexpected(451, text.slice(element)) };
}

/** Whether debci's parser gives a text up for its nesting. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (isInString) {
      if (mark === "\\") at++;
      else if (mark === '"') isInString = false;
    } else if (mark === '"') isInString = true;
    else if (mark === "[" || mark === "{") {
      if (++depth > maxDepth) return true;
    } else if (mark === "]" || mark === "}") depth--;
  }
  return false;
}

function tryParse(text: string): JsonText {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, fault: "" };
  }
}

/** Where the first element begins that is not JSON; null when all are and the fault lies behind the array. */
function faultyElement(text: string, begin: number): number | null {
  for (let at = begin;;) {
    at = skipSpace(text, at);
    if (text[at] === "]") return null;
    const end = elementEnd(text, at);
    if (!tryParse(text.slice(at, end)).ok || end === text.length) return at;
    if (text[end] === "]") return null;
    at = end + 1;
  }
}

function skipSpace(text: string, at: number): number {
  const space = /\s*/y;
  space.lastIndex = at;
  space.exec(text);
  return space.lastIndex;
}

/** The index of the comma or bracket after the element that begins at `at`. */
function elementEnd(text: string, at: number): number {
  const token = /["[\]{},]/g;
  token.lastIndex = at;
  let depth = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [mark] = found;
    if (depth === 0 && (mark === "," || mark === "]")) return found.index;
    if (mark === '"') token.lastIndex = stringEnd(text, token.lastIndex);
    if (mark === "[" || mark === "{") depth++;
    if (mark === "]" || mark === "}") depth--;
  }
  return text.length;
}

/** The index behind the quotation mark that ends a string, of which `at` is the inside. One pattern for the whole would run out of stack. */
function stringEnd(text: string, at: number): number {
  const mark = /["\\]/g;
  mark.lastIndex = at;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === '"') return mark.lastIndex;
    mark.lastIndex++;
  }
  return text.length;
}

/** The numbers are lines of debci's JSON parser, which clients see in its answers. */
function unexpected(line: 451 | 859, rest: string): string {
  const echo = rest.length <= maxEchoCharacters
    ? rest
    : `${rest.slice(0, maxEchoCharacters)}…`;
  return `${line}: unexpected token at '${echo}'`;
}
