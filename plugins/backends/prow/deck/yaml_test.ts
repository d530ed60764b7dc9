import { assert, assertEquals } from "@std/assert";
import { parse } from "yaml";
import { printYaml } from "./yaml.ts";

/** Both versions, since readers differ in what a plain word is. */
function assertRead(value: unknown): void {
  const text = printYaml(value);
  assert(!text.includes("---"), text);
  assertEquals(parse(text, { version: "1.1" }), value, text);
  assertEquals(parse(text, { version: "1.2" }), value, text);
}

const texts = [
  "12",
  "0777",
  "0x1f",
  "0o17",
  "0b11",
  "1_000",
  "1e5",
  "12345678901234567890123456789012345678e9",
  ".5",
  ".inf",
  "12:30:45",
  "2026-01-02",
  "2026-01-02T03:04:05Z",
  "yes",
  "off",
  "y",
  "null",
  "~",
  "",
  "<<",
  "=",
  "- a",
  "a: b",
  "# a",
  "&a",
  "*a",
  "!a",
  "%a",
  "---",
  "a---b",
  "\\---",
  "-----",
  "set -e\n---\necho\n",
  "two\nlines\n",
  " space ",
  "tab\there",
  "\u0000\u001b\u007f\u0085\u00a0\u2028\ufeff",
  "é😀",
  "long ".repeat(100),
];

for (const text of texts) {
  Deno.test(`printYaml() keeps ${JSON.stringify(text.slice(0, 30))} a text, as value, key and item`, () => {
    assertRead({ value: text, [`${text}`]: 1, items: [text, { [text]: "" }] });
  });
}

Deno.test("printYaml() keeps texts of odd pieces as they are", () => {
  const pieces = ["-", "---", ":", " ", "#", "\n", "\t", '"', "'", "\\", "1"];
  const all = pieces.flatMap((a) =>
    pieces.flatMap((b) => pieces.map((c) => a + b + c))
  );
  assertRead({ all, byName: Object.fromEntries(all.map((each) => [each, 1])) });
});

Deno.test("printYaml() writes half a surrogate pair, which YAML cannot hold, as a replacement", () => {
  assertEquals(parse(printYaml({ a: "x\ud800y" })), { a: "x\ufffdy" });
});

Deno.test("printYaml() sorts keys and writes plain words as words", () => {
  assertEquals(
    printYaml({ b: [{ c: "word", a: true }], a: "x/y-z" }),
    "a: x/y-z\nb:\n- a: true\n  c: word\n",
  );
});
