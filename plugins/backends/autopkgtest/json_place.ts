/** What may come next. */
type Expected = "value" | "item or ]" | "key" | "key or }" | "colon" | "rest";

const token =
  /[{}[\],:"]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/** Where a text stops being JSON (RFC 8259), as `line 3, column 7`, both counted from 1; null when it does not. */
export function jsonFaultPlace(text: string): string | null {
  const at = faultIndex(text);
  if (at === null) return null;
  const before = text.slice(0, at).split("\n");
  return at >= text.trimEnd().length
    ? `line ${before.length}, at the end`
    : `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function faultIndex(text: string): number | null {
  const open: string[] = [];
  let expected: Expected = "value";
  for (let at = skipSpace(text, 0); at < text.length;) {
    token.lastIndex = at;
    const [found] = token.exec(text) ?? [];
    const next: Expected | null = found === undefined
      ? null
      : step(found, expected, open);
    if (next === null || found === undefined) return at;
    expected = next;
    const end = found === '"' ? stringEnd(text, at + 1) : at + found.length;
    if (end === null) return at;
    at = skipSpace(text, end);
  }
  return expected === "rest" && open.length === 0 ? null : text.length;
}

/** What may come behind a token; null when the token may not be here. */
function step(
  found: string,
  expected: Expected,
  open: string[],
): Expected | null {
  const isValueWanted = expected === "value" || expected === "item or ]";
  switch (found) {
    case "{":
    case "[":
      if (!isValueWanted) return null;
      open.push(found);
      return found === "{" ? "key or }" : "item or ]";
    case "}":
    case "]": {
      const isEmpty = expected === "key or }" || expected === "item or ]";
      if (expected !== "rest" && !isEmpty) return null;
      return open.pop() === (found === "}" ? "{" : "[") ? "rest" : null;
    }
    case ",":
      if (expected !== "rest" || open.length === 0) return null;
      return open.at(-1) === "{" ? "key" : "value";
    case ":":
      return expected === "colon" ? "value" : null;
    case '"':
      if (expected === "key" || expected === "key or }") return "colon";
      return isValueWanted ? "rest" : null;
    default:
      return isValueWanted ? "rest" : null;
  }
}

/** The index behind a string's closing mark, of which `at` is the inside; null when it is no string. */
function stringEnd(text: string, at: number): number | null {
  // deno-lint-ignore no-control-regex -- a string must not have them in it
  const mark = /["\\\u0000-\u001f]/g;
  const escape = /["\\/bfnrt]|u[\da-fA-F]{4}/y;
  mark.lastIndex = at;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === '"') return mark.lastIndex;
    if (found[0] !== "\\") return null;
    escape.lastIndex = mark.lastIndex;
    if (!escape.test(text)) return null;
    mark.lastIndex = escape.lastIndex;
  }
  return null;
}

function skipSpace(text: string, at: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}
