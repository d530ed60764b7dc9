import { assertEquals } from "@std/assert";
import { jsonFaultPlace } from "./json_place.ts";

Deno.test("the place is where a person would begin to mend", () => {
  for (
    const [text, place] of [
      ["not json", "line 1, column 1"],
      ['[{"a": 1},\n {"b": }]', "line 2, column 8"],
      ['[\n  {"a": 1}\n  {"b": 2}\n]', "line 3, column 3"],
      ['[{"a": 1},]', "line 1, column 11"],
      ["{'a': 1}", "line 1, column 2"],
      ['["a\nb"]', "line 1, column 2"],
      ['["\\x"]', "line 1, column 2"],
      ["[01]", "line 1, column 2"],
      ["[1}", "line 1, column 3"],
      ["[1] [", "line 1, column 5"],
      ['[{"a": 1}\n', "line 2, at the end"],
      ["", "line 1, at the end"],
    ] as const
  ) {
    assertEquals(jsonFaultPlace(text), place, text);
  }
});

Deno.test("what the platform parses has no such place, and what it does not parse has one", () => {
  const pieces = ["[", "]", "{", "}", ",", ":", '"a"', "1", "-0.5e3", "null"];
  pieces.push(" ", '"\\u00e9\\""', "tru", '"', "\n", "01", "+1");
  let seed = 7;
  const roll = (below: number) => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from(
      { length: 1 + roll(8) },
      () => pieces[roll(pieces.length)],
    ).join("");
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    assertEquals(jsonFaultPlace(text) === null, isJson, JSON.stringify(text));
  }
});

Deno.test("a long text takes no stack and little time", () => {
  const long = `["${"x".repeat(5_000_000)}", ${"[".repeat(100_000)}`;
  assertEquals(jsonFaultPlace(long), "line 1, at the end");
});
