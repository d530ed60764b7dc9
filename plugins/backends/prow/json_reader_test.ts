import { assertEquals, assertThrows } from "@std/assert";
import { ApiError } from "../../../core/error.ts";
import { type JsonNode, readJson } from "./json_reader.ts";

function plain(node: JsonNode): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node === "object" && node !== null && "members" in node) {
    return Object.fromEntries(
      node.members.map(([name, value]) => [name, plain(value)]),
    );
  }
  return node;
}

const valid = [
  "{}",
  "[]",
  "null",
  "true",
  " false ",
  "0",
  "-1.5e+3",
  "1E400",
  '""',
  String.raw`"\"\\\/\b\f\n\r\té\ud83d\ude00"`,
  '{"a":[1,{"b":null}],"c":"x"}\r\n\t ',
  "[ [ ] , { } ]",
  '{"__proto__":{"x":1},"constructor":2}',
];

Deno.test("readJson() reads what JSON.parse reads", async (t) => {
  for (const text of valid) {
    await t.step(text, () => {
      assertEquals(plain(readJson(text)), JSON.parse(text));
    });
  }
});

const malformed = [
  "{",
  "}",
  "[1,]",
  "[1 2]",
  '{"a":1,}',
  '{"a" 1}',
  "{a:1}",
  "{'a':1}",
  '"open',
  '"\\"',
  '"\n"',
  '"\\x"',
  "01",
  "1.",
  "+1",
  ".5",
  "NaN",
  "nul",
  "True",
  "{} {}",
  "// x",
  "[1]]",
  "\u0000",
  "@",
  "[".repeat(5_000_000),
  '{"a":'.repeat(101) + "1" + "}".repeat(101),
];

Deno.test("malformed JSON is a 400 that names the place", async (t) => {
  for (const text of malformed) {
    await t.step(JSON.stringify(text.slice(0, 40)), () => {
      const error = assertThrows(() => readJson(text), ApiError);
      assertEquals(error.code, "invalid");
    });
  }
  const error = assertThrows(() => readJson('{\n "a": x}'), ApiError);
  assertEquals(
    error.message,
    "Cannot read the body: the JSON is not valid JSON at line 2, column 7",
  );
});

Deno.test("readJson() takes an empty body as an empty object", () => {
  assertEquals(readJson(""), { members: [] });
  assertEquals(readJson(" \r\n"), { members: [] });
});

Deno.test("readJson() keeps repeated names", () => {
  assertEquals(readJson('{"a":1,"a":2}'), { members: [["a", 1], ["a", 2]] });
});

Deno.test("readJson() reads a string of several megabytes", () => {
  const long = "line\n".repeat(1_000_000);
  assertEquals(readJson(JSON.stringify(long)), long);
});
