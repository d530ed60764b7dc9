import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Path, readYaml, type YamlDocument } from "./yaml_document.ts";

function documents(text: string): readonly YamlDocument[] {
  const read = readYaml(text);
  if (!Array.isArray(read)) throw new Error(`${read.line}: ${read.reason}`);
  return read;
}

function values(text: string): unknown[] {
  return documents(text).map(({ value }) => value);
}

Deno.test("a bracket may close where its key stands, as Go allows", () => {
  const text = `a: [\n  1,\n]\nb: {\n  c: [\n  2\n  ],\n}\n`;
  assertEquals(values(text), [{ a: [1], b: { c: [2] } }]);
});

Deno.test("a merge key adds what a mapping does not say itself", () => {
  const text =
    `x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n`;
  assertEquals(values(text).map((value) => Object(value).z), [
    { a: 3, b: 1, c: 2 },
  ]);
});

Deno.test("of two equal keys the later one counts", () => {
  assertEquals(values("a: 1\na: 2"), [{ a: 2 }]);
});

Deno.test("each document of a text is read, empty ones too", () => {
  assertEquals(values("a: 1\n---\n---\n- 2\n...\n"), [{ a: 1 }, null, [2]]);
  assertEquals(values(""), []);
});

const layout = `# first line
Top:
- name: a
  spec:
    list: [x,
      y]
- {name: b, other: c}
empty:
"quoted key": |
  text
other: &anchor
  deep: 1
again: *anchor
`;

const places: readonly (readonly [Path, number | null])[] = [
  [[], 2],
  [["top"], 2],
  [["top", 0], 3],
  [["top", 0, "NAME"], 3],
  [["top", 0, "spec"], 4],
  [["top", 0, "spec", "list"], 5],
  [["top", 0, "spec", "list", 1], 6],
  [["top", 0, "spec", "none"], 4],
  [["top", 1], 7],
  [["top", 1, "other"], 7],
  [["top", 2], 2],
  [["empty"], 8],
  [["empty", "none"], 8],
  [["quoted key"], 9],
  [["other", "deep"], 12],
  [["again", "deep"], 12],
  [["none"], 2],
];

for (const [path, line] of places) {
  Deno.test(`lineOf() knows the line of ${path.join(".") || "the top"}`, () => {
    for (const text of [layout, layout.replaceAll("\n", "\r\n")]) {
      assertEquals(documents(text)[0]?.lineOf(path), line);
    }
  });
}

Deno.test("lineOf() counts through all documents of a text", () => {
  const [, second] = documents("a: 1\n---\nb:\n  c: 2\n");
  assertEquals(second?.lineOf(["b", "c"]), 4);
});

const deep = "[".repeat(101) + "]".repeat(101);
const laughs = [
  "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]",
  ...[..."bcdefgh"].map((name, index) =>
    `${name}: &${name} [${`*${"abcdefgh"[index]},`.repeat(10)}]`
  ),
].join("\n");
const bigKeys = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`);
const nested = Array.from(
  { length: 200 },
  (_, index) => `- &a${index + 1} [*a${index}]`,
);

const hurtful: readonly (readonly [string, string, number | null, string])[] = [
  ["aliases that multiply", laughs, 7, "more than 20000000 characters"],
  [
    "a long text that is repeated",
    `- &a ${"x".repeat(1_000_000)}\n${"- *a\n".repeat(20)}`,
    20,
    "more than 20000000 characters",
  ],
  ["an alias of itself", "a:\n  b: &b\n  - *b", 3, "within what it stands for"],
  [
    "merges that multiply",
    `- &a {${bigKeys}}\n${"- <<: *a\n".repeat(200)}`,
    102,
    "merge keys exceeded",
  ],
  ["deep nesting", `a: 1\nb: ${deep}`, 2, "nesting exceeded"],
  [
    "deep nesting through aliases",
    `- &a0 []\n${nested.join("\n")}`,
    100,
    "more than 100 levels deep",
  ],
  [
    "a text of nothing but list items",
    "- a\n".repeat(1_000_001),
    null,
    "more than 1000000 lines",
  ],
  [
    "a text of nothing but commas",
    `[${"a,".repeat(1_000_001)}]`,
    null,
    "more than 1000000 lines",
  ],
  ["the key __proto__", "a:\n  __proto__:\n    b: 1", 2, '"__proto__"'],
  ["the key constructor", "a: {b: 1}\nconstructor: x", 2, '"constructor"'],
  ["the key prototype", "- prototype: x", 1, '"prototype"'],
  [
    "a merge key that brings __proto__",
    "a: &a\n  __proto__: {b: 1}\nc:\n  <<: *a",
    2,
    '"__proto__"',
  ],
  [
    "a key with control characters",
    'a: 1\n"b\\u001b[2J": 1',
    2,
    '"b\\u001b[2J" has control characters',
  ],
  ["a raw control character", "a: 1\nb: \x07", 2, "non-printable characters"],
  ["a NUL", "a: 1\nb: \0", 1, "null byte"],
  ["a tag of code", "a: !!js/function 'x'", 1, "unknown tag"],
];

for (const [name, text, line, reason] of hurtful) {
  Deno.test(`${name}: the text is refused with its reason`, () => {
    const read = readYaml(text);
    if (Array.isArray(read)) throw new Error("it was read");
    assertStringIncludes(read.reason, reason);
    assertEquals(read.line, line);
  });
}

Deno.test("a text that is as long as may be is read", () => {
  const text = `a: ${"x".repeat(16 * 1024 * 1024 - 3)}`;
  assertEquals(documents(text).length, 1);
});

Deno.test("reading YAML never touches the prototype of all objects", () => {
  readYaml(`a: {__proto__: {hurt: 1}}\n"__proto__": {hurt: 1}`);
  assertEquals(Reflect.get({}, "hurt"), undefined);
});
