import { assertEquals } from "@std/assert";
import { jsonText, LineCleaner, printable } from "./terminal_text.ts";

/** A line as it is shown without colours. */
const cleaned = (line: string) =>
  new LineCleaner({ colours: false }).clean(line);

const hostile: readonly (readonly [string, string, string])[] = [
  ["a window title (OSC 0)", "a\x1b]0;title\x07b", "ab"],
  ["one that ends with ST", "a\x1b]0;title\x1b\\b", "ab"],
  ["the clipboard (OSC 52)", "\x1b]52;c;ZWNobw==\x07x", "x"],
  ["a link (OSC 8)", "\x1b]8;;http://x\x1b\\y\x1b]8;;\x1b\\", "y"],
  ["an OSC without end", "a\x1b]0;title", "a]0;title"],
  ["an OSC of 8 bits", "a\x9d0;t\x9cb", "ab"],
  ["cursor movement", "a\x1b[2A\x1b[10;10H\x1b[2Kb", "ab"],
  ["a private mode", "a\x1b[?1049hb", "ab"],
  ["a CSI of 8 bits", "a\x9b2Jb", "ab"],
  ["a device string (DCS)", "a\x1bP+q544e\x1b\\b", "ab"],
  ["a reset (RIS)", "a\x1bcb", "ab"],
  ["a character set", "a\x1b(0b", "ab"],
  ["a sequence that is cut off", "a\x1b[12", "a[12"],
  ["bell, backspace and NUL", "a\x07\b\0b", "ab"],
  ["tabs, which stay", "a\tb", "a\tb"],
  ["letters of all kinds, which stay", "žluťoučký 中 🚢", "žluťoučký 中 🚢"],
  ["text that is turned around", "a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
  ["colours, where there are none", "\x1b[31mred\x1b[0m", "red"],
];

for (const [what, line, shown] of hostile) {
  Deno.test(`a log cannot steer the terminal: ${what}`, () => {
    assertEquals(cleaned(line), shown);
  });
}

Deno.test("a sequence that is hidden in another one comes to nothing", () => {
  // deno-lint-ignore no-control-regex -- these are what must not be there
  const steers = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
  for (
    const line of [
      "\x1b\x1b[2J[2J",
      "\x1b]0;\x1b[2J\x07",
      "\x1b[\x1b[2J2J",
      "\x1b[3\x1b[31m1;2J",
      "\x1bP\x1b]0;x\x07",
    ]
  ) {
    assertEquals(steers.test(cleaned(line)), false, JSON.stringify(line));
    const coloured = new LineCleaner({ colours: true }).clean(line)
      // deno-lint-ignore no-control-regex -- colours may be there
      .replaceAll(/\x1b\[[\d;]*m/g, "");
    assertEquals(steers.test(coloured), false, JSON.stringify(line));
  }
});

Deno.test("colours stay, go on in the next line, and end with each line", () => {
  const cleaner = new LineCleaner({ colours: true });
  assertEquals(
    ["\x1b[1;31mred", "still", "now\x1b[0m not", "plain"].map((line) =>
      cleaner.clean(line)
    ),
    [
      "\x1b[1;31mred\x1b[0m",
      "\x1b[1;31mstill\x1b[0m",
      "\x1b[1;31mnow\x1b[0m not\x1b[0m",
      "plain",
    ],
  );
});

Deno.test("of colour sequences, those that blink or hide text are left out", () => {
  const cleaner = new LineCleaner({ colours: true });
  assertEquals(cleaner.clean("\x1b[8mx"), "\x1b[0mx\x1b[0m");
  assertEquals(
    cleaner.clean("\x1b[5;38;5;8;1mx"),
    "\x1b[38;5;8;1mx\x1b[0m",
  );
});

Deno.test("a name is shown with the codes of what could steer the terminal", () => {
  assertEquals(printable("a\x1b[31m\nb\u202e"), "a\\u{1b}[31m\\u{a}b\\u{202e}");
});

Deno.test("JSON has no raw control character of any kind, and says the same", () => {
  const value = { text: "\x1b\x9b\x7f\u2028\u202e\n🚢" };
  const text = jsonText(value);
  assertEquals(/[\p{Cc}\p{Bidi_Control}\p{Zl}]/u.test(text), false, text);
  assertEquals(JSON.parse(text), value);
});
