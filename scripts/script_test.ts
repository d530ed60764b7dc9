import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readArguments, UsageError } from "./script.ts";

const read = (...args: string[]) =>
  readArguments("bake bread", args, { text: ["flour"], lists: ["seed"] });

Deno.test("readArguments() takes options in both spellings, lists and words", () => {
  const { words, text, list } = read(
    "add",
    "--flour=rye",
    "--seed",
    "flax",
    "--seed=007",
    "42",
  );
  assertEquals(words, ["add", "42"]);
  assertEquals(text("flour"), "rye");
  assertEquals(list("seed"), ["flax", "007"]);
});

Deno.test("readArguments() gives nothing for options that are not there", () => {
  const { words, text, list } = read();
  assertEquals([words, text("flour"), list("seed")], [[], undefined, []]);
});

Deno.test("readArguments() passes over the -- that some runners insert", () => {
  assertEquals(read("--", "--flour", "rye").text("flour"), "rye");
});

const mistakes: [string[], string][] = [
  [["--salt", "1"], "there is no option --salt; known are --flour, --seed"],
  [["-x"], "there is no option -x"],
  [["--no-flour"], "there is no option --no-flour"],
  [["--flour"], "--flour needs a value"],
  [["--flour="], "--flour needs a value"],
  [["--flour", "--seed", "flax"], "--flour needs a value"],
  [["--flour", "rye", "--flour", "oat"], "--flour is given twice"],
];

for (const [args, saying] of mistakes) {
  Deno.test(`readArguments() refuses ${args.join(" ")}`, () => {
    const error = assertThrows(() => read(...args), UsageError);
    assertStringIncludes(error.message, `Cannot bake bread: ${saying}`);
  });
}
