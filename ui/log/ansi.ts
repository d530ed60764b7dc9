/** A piece of a log line that looks alike; the names are classes of the style sheet. */
export type Span = { readonly text: string; readonly classes: string };

/** How text looks until something changes it. */
export type Look = {
  readonly foreground: number | null;
  readonly flags: string;
};

export const plain: Look = { foreground: null, flags: "" };

/** The sets that SGR turns on, and by which number off (ECMA-48, 8.3.117). */
const on: ReadonlyMap<number, string> = new Map([
  [1, "b"],
  [2, "d"],
  [3, "i"],
  [4, "u"],
  [7, "g"],
  [9, "s"],
]);
const off: ReadonlyMap<number, string> = new Map([
  [22, "bd"],
  [23, "i"],
  [24, "u"],
  [27, "g"],
  [29, "s"],
]);

/**
 * Control sequences (ECMA-48, 5.4), operating system commands with what they
 * carry, such as links and titles, and other escapes. A command without an end
 * takes only its introducer, so that what follows stays readable.
 */
const escapes =
  // deno-lint-ignore no-control-regex -- these are what is looked for
  /\u001b\[([0-?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b\n]{0,4096}(?:\u0007|\u001b\\)|\u001b[ -/]*[0-Z\\-~]|\u001b/g;

/**
 * A log line as pieces of text with classes, and how the next line begins. Only
 * colours and weights are kept of what a terminal would be told. Of text that
 * overwrites itself (`\r`, as progress bars do), the last is kept.
 */
export function readAnsi(
  line: string,
  look: Look,
): { readonly spans: readonly Span[]; readonly look: Look } {
  const spans: Span[] = [];
  let now = look;
  const add = (text: string) => {
    if (text === "") return;
    const classes = classesOf(now);
    const last = spans.at(-1);
    if (last?.classes === classes) {
      spans[spans.length - 1] = { text: last.text + text, classes };
    } else spans.push({ text, classes });
  };
  const shown = lastWritten(line);
  let at = 0;
  for (const match of shown.matchAll(escapes)) {
    add(shown.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === "m") now = applySgr(match[1] ?? "", now);
  }
  add(shown.slice(at));
  return { spans, look: now };
}

/** The text alone, line for line, with what was overwritten. */
export function withoutEscapes(text: string): string {
  return text.includes("\u001b") ? text.replace(escapes, "") : text;
}

/** A line's text as `readAnsi` shows it. */
export function shownText(line: string): string {
  return readAnsi(line, plain).spans.map(({ text }) => text).join("");
}

function lastWritten(line: string): string {
  const text = line.replace(/\r+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1);
}

function applySgr(parameters: string, look: Look): Look {
  const codes = parameters.split(/[;:]/).map(Number);
  let { foreground, flags } = look;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) [foreground, flags] = [null, ""];
    else if (code === 38 || code === 48) {
      // 5;N or 2;R;G;B: of 256 colours the first 16 are ours, others stay plain.
      const color = codes[at + 2] ?? 0;
      const isIndexed = codes[at + 1] === 5;
      if (code === 38) foreground = isIndexed && color < 16 ? color : null;
      at += isIndexed ? 2 : 4;
    } else if (code >= 30 && code <= 37) foreground = code - 30;
    else if (code >= 90 && code <= 97) foreground = code - 82;
    else if (code === 39) foreground = null;
    else flags = switchFlag(code, flags);
  }
  return { foreground, flags };
}

function switchFlag(code: number, flags: string): string {
  const ended = off.get(code) ?? "";
  const begun = on.get(code) ?? "";
  const kept = [...flags].filter((flag) =>
    !ended.includes(flag) && flag !== begun
  );
  return kept.join("") + begun;
}

function classesOf({ foreground, flags }: Look): string {
  return [...flags, ...foreground === null ? [] : [`f${foreground}`]].join(" ");
}
