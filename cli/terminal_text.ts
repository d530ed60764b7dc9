/**
 * Texts from elsewhere, made harmless for a terminal: a log or a name may hold
 * sequences that move the cursor, rename the window, write to the clipboard or turn text around.
 * @module
 */

/** What steers a terminal or hides in a text, besides line breaks and tabs. */
const steering = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Colours and emphasis (ECMA-48 SGR). */
// deno-lint-ignore no-control-regex -- these are what is looked for
const colourSequence = /\x1b\[([\d;:]*)m/g;

/** Any other escape sequence that is whole within a line: strings such as OSC, then CSI, then short ones. */
const otherSequence =
  // deno-lint-ignore no-control-regex -- these are what is taken away
  /\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-OQ-WYZ\\`-~]/g;

const reset = "\x1b[0m";

/** Most sequences that are carried into the next line. */
const maxCarried = 8;

/** A name or message on one line: what could steer the terminal is shown by its code. */
export function printable(text: string): string {
  return text.replaceAll(
    steering,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A text of several lines, each printable. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** JSON on one line that is as harmless: control characters of all kinds are escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    steering,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Cleans the lines of one log, in their order: colours stay where there may be some, and go on in the next line. */
export class LineCleaner {
  readonly #colours: boolean;
  #carried: string[] = [];

  constructor(options: { readonly colours: boolean }) {
    this.#colours = options.colours;
  }

  /** A line without its line break. */
  clean(line: string): string {
    const before = this.#carried.join("");
    let hasColour = before !== "";
    // Split by what is kept, the texts between are every second part; each sequence's numbers follow one.
    const parts = line.split(colourSequence).map((part, index) => {
      if (index % 2 === 0) return plain(part);
      if (!this.#colours) return "";
      hasColour = true;
      return this.#carry(colour(part));
    });
    const text = before + parts.join("");
    return hasColour ? `${text}${reset}` : text;
  }

  #carry(sequence: string): string {
    this.#carried = sequence === reset
      ? []
      : [...this.#carried, sequence].slice(-maxCarried);
    return sequence;
  }
}

/** A piece of a line without any sequence or control character. */
function plain(text: string): string {
  return text.replaceAll(otherSequence, "").replaceAll(
    steering,
    (character) =>
      character === "\t"
        ? character
        : /\p{Bidi_Control}/u.test(character)
        ? printable(character)
        : "",
  );
}

/** A colour sequence without what makes text blink or vanish. */
function colour(numbers: string): string {
  const given = numbers.split(/[;:]/).map((number) => number || "0");
  const kept: string[] = [];
  for (let index = 0; index < given.length; index++) {
    const number = given[index] ?? "0";
    const length = number !== "38" && number !== "48"
      ? 1
      : given[index + 1] === "5"
      ? 3
      : 5;
    if (!["5", "6", "8"].includes(String(Number(number)))) {
      kept.push(...given.slice(index, index + length));
    }
    index += length - 1;
  }
  return kept.every((number) => Number(number) === 0)
    ? reset
    : `\x1b[${kept.join(";")}m`;
}
