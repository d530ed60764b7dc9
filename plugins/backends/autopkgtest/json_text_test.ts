import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseJsonText } from "./json_text.ts";

Deno.test("JSON is parsed", () => {
  assertEquals(parseJsonText(' [{"a": [1]}] '), {
    ok: true,
    value: [{ a: [1] }],
  });
});

const faults = [
  ["", "859: unexpected token at ''"],
  ["  not json", "859: unexpected token at 'not json'"],
  ['{"a": x}', "859: unexpected token at '{\"a\": x}'"],
  ['[{"package":"bash"', '451: unexpected token at \'{"package":"bash"\''],
  ['[{"a": "]"}, {"b": }, 3]', "451: unexpected token at '{\"b\": }, 3]'"],
  ["[1, , 2]", "451: unexpected token at ', 2]'"],
  ['["a\\"]", nil]', "451: unexpected token at 'nil]'"],
  ["[1] x", "859: unexpected token at '[1] x'"],
] as const;

for (const [text, fault] of faults) {
  Deno.test(`the fault of ${JSON.stringify(text)} is told from where it is`, () => {
    assertEquals(parseJsonText(text), { ok: false, fault });
  });
}

Deno.test("a long faulty text is repeated in part only", () => {
  const json = parseJsonText(`x${"y".repeat(100_000)}`);
  assertEquals(json.ok, false);
  assertEquals(!json.ok && json.fault.length < 2100, true);
});

Deno.test("a faulty text of megabytes is looked through in one pass", () => {
  const text = `[${'{"package":"bash"},'.repeat(200_000)}oops]`;
  const json = parseJsonText(text);
  assertEquals(json, { ok: false, fault: "451: unexpected token at 'oops]'" });
});

const megabytes = 9_000_000;
const longTexts = [
  ["that does not end", `["${"a".repeat(megabytes)}`],
  ["before a fault", `["${"a".repeat(megabytes)}", oops]`],
  ["of escapes", `["${"\\n".repeat(megabytes / 2)}", oops]`],
  ["that ends within an escape", `["${"a".repeat(megabytes)}\\`],
] as const;

for (const [what, text] of longTexts) {
  Deno.test(`the fault of a text with a string of megabytes ${what} is told`, () => {
    const json = parseJsonText(text);
    assertEquals(json.ok, false);
    const place = text.endsWith("oops]") ? "'oops]'" : "'\"aaa";
    assertStringIncludes(json.ok ? "" : json.fault, place);
  });
}

const brackets = '"[{\\"[{"';
const nested = (depth: number) =>
  `${"[".repeat(depth)}${brackets}${"]".repeat(depth)}`;

Deno.test("what is nested as deep as debci allows is parsed, whatever its strings hold", () => {
  assertEquals(parseJsonText(nested(100)).ok, true);
  const wide = `[${Array(1000).fill(`{"a": ${brackets}}`)}]`;
  assertEquals(parseJsonText(wide).ok, true);
});

for (
  const [what, text] of [
    ["lists", nested(101)],
    ["objects", `${'{"a":'.repeat(101)}1${"}".repeat(101)}`],
    ["millions that do not end", "[".repeat(9_000_000)],
  ] as const
) {
  Deno.test(`what is nested deeper is a fault that says so: ${what}`, () => {
    const fault = "nesting of 101 is too deep";
    assertEquals(parseJsonText(text), { ok: false, fault });
  });
}
